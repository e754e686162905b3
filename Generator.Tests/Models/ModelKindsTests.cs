using System.Reflection;
using KernelGen.Generator.Tests.Support;

namespace KernelGen.Generator.Tests.Models;

/// <summary>Declarations that must work, with code that compiles without warnings.</summary>
public sealed class ModelKindsTests
{
    private const string Layer = "[Linear(2, 2)] internal partial Linear Fc { get; }";

    [Fact]
    public void Two_models_of_one_name_in_two_namespaces()
    {
        var run = Expect.Works(
            $"namespace A {{ [SparseModel] internal partial class Mlp {{ {Layer} }} }}"
            + $" namespace B {{ [SparseModel] internal partial class Mlp {{ {Layer} }} }}");
        Assert.Equal(["A.Mlp.Model.g.cs", "B.Mlp.Model.g.cs"], ModelFiles(run));
    }

    [Fact]
    public void Models_whose_names_differ_by_case_alone()
    {
        var run = Expect.Works(
            $"[SparseModel] internal partial class Mlp {{ {Layer} }} [SparseModel] internal partial class MLP {{ {Layer} }}");
        Assert.Equal(2, ModelFiles(run).Distinct(StringComparer.OrdinalIgnoreCase).Count());
    }

    [Fact]
    public void Models_that_differ_by_arity_alone()
    {
        var run = Expect.Works(
            $"[SparseModel] internal partial class Mlp {{ {Layer} }} [SparseModel] internal partial class Mlp<T> {{ {Layer} }}"
            + $" [SparseModel] internal partial class Mlp<T, U> {{ {Layer} }}");
        Assert.Equal(["Mlp.Model.g.cs", "Mlp{T,U}.Model.g.cs", "Mlp{T}.Model.g.cs"], ModelFiles(run));
    }

    [Theory]
    [InlineData("abstract")]
    [InlineData("sealed")]
    [InlineData("unsafe")]
    public void A_class_with_a_modifier(string modifier)
        => Expect.Works($"[SparseModel] internal {modifier} partial class Mlp {{ {Layer} }}");

    [Theory]
    [InlineData("class Outer", "private")]
    [InlineData("class Outer<T> where T : struct", "protected internal")]
    [InlineData("static class Outer", "public")]
    [InlineData("struct Outer", "internal")]
    [InlineData("ref struct Outer", "private")]
    [InlineData("readonly record struct Outer(int A)", "private")]
    [InlineData("record Outer(int A)", "protected")]
    [InlineData("interface IOuter<T>", "public")]
    public void A_nested_class(string container, string accessibility)
        => Expect.Works(Partial(container, $"[SparseModel] {accessibility} partial class Mlp {{ {Layer} }}"));

    [Theory]
    [InlineData("private partial Linear Fc { get; }")]
    [InlineData("protected internal partial Linear Fc { get; }")]
    [InlineData("internal virtual partial Linear Fc { get; }")]
    [InlineData("internal unsafe partial Linear Fc { get; }")]
    [InlineData("partial Linear Fc { get; }")]
    [InlineData("[System.Obsolete] internal partial Linear Fc { get; }")]
    [InlineData("\n#nullable disable\ninternal partial Linear Fc { get; }\n#nullable restore\n")]
    public void A_property(string property)
        => Expect.Works($"[SparseModel] internal partial class Mlp {{ [Linear(2, 2)] {property} }}");

    [Fact]
    public void Properties_that_override_and_hide() => Expect.Works(
        """
        internal abstract class Base { internal abstract Linear Fc1 { get; } internal Linear? Fc2 => null; }
        [SparseModel] internal partial class Mlp : Base
        {
            [Linear(2, 2)] internal sealed override partial Linear Fc1 { get; }
            [Linear(2, 2)] internal new partial Linear Fc2 { get; }
        }
        """);

    [Fact]
    public void Constructors_fields_and_statics_of_the_authors_own()
    {
        var run = Expect.Works(
            """
            [SparseModel] internal sealed partial class Mlp(int size)
            {
                public static readonly Mlp Instance = new();
                internal int Size { get; } = size;
                public Mlp() : this(2) { }
                [Linear(2, 3)] internal partial Linear Fc { get; }
                public static string First => Instance.Fc.Name + Descriptor.Layers[0].OutFeatures + Instance.Layers.Count;
            }
            """);

        // The author's static field creates a model before any static of the emitted part could be initialised.
        var model = Assembly.Load(run.AssertCompiles()).GetType("Mlp", throwOnError: true)!;
        Assert.Equal("Fc31", model.GetProperty("First")!.GetValue(null));
    }

    [Fact]
    public void A_public_model_whose_author_documents_everything() => Expect.Works(
        """
        /// <summary>A model.</summary>
        [SparseModel] public partial class Mlp
        {
            /// <summary>A layer.</summary>
            [Linear(2, 2)] public partial Linear Fc { get; }
        }
        """);

    [Fact]
    public void Names_that_shadow_the_ones_in_emitted_code() => Expect.Works(
        """
        namespace App.KernelGen { internal class Linear { } internal class Kernels { } }
        namespace App.System { internal class ReadOnlySpan { } }
        namespace App
        {
            [global::KernelGen.SparseModel] internal partial class Mlp
            {
                internal class Linear { }
                internal class IReadOnlyList { }
                [global::KernelGen.Linear(2, 2)] internal partial global::KernelGen.Linear Fc { get; }
            }
        }
        """);

    [Fact]
    public void Attributes_under_an_alias_and_in_separate_lists() => Expect.Works(
        """
        using Dense = KernelGen.LinearAttribute; using Model = KernelGen.SparseModelAttribute;
        [Model] internal partial class Mlp { [Dense(outFeatures: 3, inFeatures: 2)] [NM(2, 4)] internal partial Linear Fc { get; } }
        """);

    [Fact]
    public void Slopes_of_zero_and_minus_zero_are_one_kind()
    {
        var run = Expect.Works(
            """
            [SparseModel] internal partial class Mlp
            {
                [Linear(2, 2, Activation = Activation.LeakyRelu, NegativeSlope = 0f)] internal partial Linear Fc1 { get; }
                [Linear(2, 2, Activation = Activation.LeakyRelu, NegativeSlope = -0f)] internal partial Linear Fc2 { get; }
            }
            """);
        Assert.Single(run.Files.Keys, name => name.EndsWith("LeakyRelu00000000.g.cs", StringComparison.Ordinal));
    }

    [Fact]
    public void Minus_zero_is_emitted_as_zero() => Assert.Equal(Pruned("0d").ModelFile, Pruned("-0d").ModelFile);

    [Fact]
    public void Steps_are_emitted_as_they_are() => Assert.Contains(
        "Sparsity: 0d, Steps: [0d, 0.25d, 1d])",
        GeneratorRun.Of(
            """
            using KernelGen;
            [SparseModel, Prune(Criterion.Magnitude, Schedule.MultiStep, Steps = new[] { -0d, 0.25, 1 })]
            internal partial class Mlp
            {
                [Linear(2, 2), NM(1, 2)] internal partial Linear Fc { get; }
            }
            """).ModelFile,
        StringComparison.Ordinal);

    [Fact]
    public void Minima_are_emitted_where_they_are_set() => Assert.Contains(
        "Sparsity: 0d, MinimumPerLayer: 7, MinimumPerOutput: 2)",
        GeneratorRun.Of(
            """
            using KernelGen;
            [SparseModel, Prune(Criterion.Magnitude, Schedule.Cubic, MinimumPerLayer = 7, MinimumPerOutput = 2)]
            internal partial class Mlp
            {
                [Linear(9, 9), Unstructured(Sparsity = 0.5)] internal partial Linear Fc { get; }
            }
            """).ModelFile,
        StringComparison.Ordinal);

    [Fact]
    public void Layers_in_one_of_several_declarations() => Expect.Works(
        "internal partial class Mlp { [Linear(2, 3)] internal partial Linear A { get; } [Linear(3, 4)] internal partial Linear B { get; } }",
        "[SparseModel] internal partial class Mlp { internal int Size => A.InFeatures + B.OutFeatures; }");

    private static GeneratorRun Pruned(string zero) => GeneratorRun.Of(
        $$"""
        using KernelGen;
        [SparseModel, Prune(Criterion.Magnitude, Schedule.Cubic, Begin = {{zero}}, End = {{zero}}, Sparsity = {{zero}})]
        internal partial class Mlp
        {
            [Linear(2, 2), Unstructured(Sparsity = {{zero}})] internal partial Linear Fc1 { get; }
            [Linear(2, 2), Block(2, 2, Sparsity = {{zero}})] internal partial Linear Fc2 { get; }
        }
        """);

    private static string Partial(string container, string model) => $"internal {Insert(container)} {{ {model} }}";

    /// <summary>Puts "partial" where C# wants it: right before the keyword of the kind.</summary>
    private static string Insert(string container)
    {
        string[] kinds = ["record struct", "record", "class", "struct", "interface"];
        var kind = kinds.First(kind => container.Contains(kind + " ", StringComparison.Ordinal));
        return container.Replace(kind + " ", $"partial {kind} ", StringComparison.Ordinal);
    }

    private static IEnumerable<string> ModelFiles(GeneratorRun run)
        => run.Files.Keys.Where(name => name.EndsWith(".Model.g.cs", StringComparison.Ordinal)).Order(StringComparer.Ordinal);
}
