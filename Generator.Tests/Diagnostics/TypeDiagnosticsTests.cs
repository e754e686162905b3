using KernelGen.Generator.Tests.Support;
using Microsoft.CodeAnalysis;

namespace KernelGen.Generator.Tests.Diagnostics;

/// <summary>Mistakes in the declaration of a model's class.</summary>
public sealed class TypeDiagnosticsTests
{
    private const string Layer = "[Linear(2, 2)] internal partial Linear Fc { get; }";

    [Fact]
    public void A_model_that_is_not_partial() => Expect.Problem(
        $"[SparseModel] internal class [|Mlp|] {{ {Layer} }}",
        "KG0001",
        "'Mlp' must be partial, so that the build can add the members of model 'Mlp'",
        "CS0751", "CS9248");

    [Fact]
    public void A_container_that_is_not_partial() => Expect.Problem(
        $"internal class [|Outer|] {{ [SparseModel] private partial class Mlp {{ {Layer} }} }}",
        "KG0001",
        "'Outer' must be partial, so that the build can add the members of model 'Mlp'",
        "CS9248");

    [Theory]
    [InlineData("[SparseModel] internal partial record [|Mlp|]", "a record")]
    [InlineData("[SparseModel] internal sealed partial record class [|Mlp|](int Size)", "a record")]
    public void A_record(string declaration, string kind) => Expect.Problem(
        $"{declaration} {{ {Layer} }}",
        "KG0002",
        $"Model 'Mlp' is {kind}; declare it as an ordinary class");

    [Fact]
    public void A_static_class() => Expect.Problem(
        "[SparseModel] internal static partial class [|Mlp|] { [Linear(2, 2)] internal static partial Linear Fc { get; } }",
        "KG0002",
        "Model 'Mlp' is a static class; declare it as an ordinary class");

    [Fact]
    public void A_static_class_with_layers_that_are_not() => Expect.Problem(
        $"[SparseModel] internal static partial class [|Mlp|] {{ {Layer} }}",
        "KG0002",
        "Model 'Mlp' is a static class; declare it as an ordinary class",
        "CS0708");

    [Theory]
    [InlineData("struct", "a struct")]
    [InlineData("record struct", "a record struct")]
    [InlineData("interface", "an interface")]
    public void Another_kind_of_type(string keyword, string kind) => Expect.Problem(
        $"[SparseModel] internal partial {keyword} [|Mlp|] {{ {Layer} }}",
        "KG0002",
        $"Model 'Mlp' is {kind}; declare it as an ordinary class",
        "CS0592");

    [Fact]
    public void A_file_local_class() => Expect.Problem(
        $"[SparseModel] file partial class [|Mlp|] {{ {Layer} }}",
        "KG0003",
        "'Mlp' is file-local, and emitted code stands in another file; remove 'file'",
        "CS9248");

    [Fact]
    public void A_class_within_a_file_local_one() => Expect.Problem(
        $"file partial class [|Outer|] {{ [SparseModel] internal partial class Mlp {{ {Layer} }} }}",
        "KG0003",
        "'Outer' is file-local, and emitted code stands in another file; remove 'file'",
        "CS9248");

    [Fact]
    public void A_model_without_layers() => Expect.Problem(
        "[SparseModel] internal partial class [|Mlp|] { internal int Size { get; } }",
        "KG0004",
        "Model 'Mlp' has no layers; mark at least one partial property of type Linear with [Linear(inFeatures, outFeatures)]");

    [Fact]
    public void Layers_in_two_declarations() => Expect.Problem(
        """
        internal partial class Mlp { [Linear(2, 2)] internal partial Linear [|Fc2|] { get; } }
        [SparseModel] internal partial class Mlp { [Linear(2, 3)] internal partial Linear Fc1 { get; } }
        """,
        "KG0005",
        "Layer 'Fc2' stands in another partial declaration than layer 'Fc1', so their order is undefined; "
            + "move all layers into one declaration");

    [Fact]
    public void A_base_class_that_is_a_model() => Expect.Problem(
        $$"""
        [SparseModel] internal partial class First { {{Layer}} }
        internal class Between : First { }
        [SparseModel] internal partial class [|Second|] : Between { [Linear(2, 2)] internal partial Linear Own { get; } }
        """,
        "KG0007",
        "Model 'Second' derives from model 'First', whose layers it can't extend; hold a 'First' in a field instead");

    [Fact]
    public void A_base_class_of_another_assembly_that_is_a_model()
    {
        var library = GeneratorRun.Of(Source.Compile(
            """
            /// <summary/>
            [KernelGen.SparseModel] public partial class First
            {
                /// <summary/>
                [KernelGen.Linear(2, 2)] public partial KernelGen.Linear Fc { get; }
            }
            """).WithAssemblyName("Test.Library"));
        var run = GeneratorRun.Of(Source
            .Compile(
                """
                [KernelGen.SparseModel] internal partial class Second : First
                {
                    [KernelGen.Linear(2, 2)] internal partial KernelGen.Linear Own { get; }
                }
                """)
            .AddReferences(MetadataReference.CreateFromImage(library.AssertCompiles())));
        Assert.Equal("KG0007", Assert.Single(run.Problems).Id);
        Assert.Empty(run.CompilerProblems);
    }
}
