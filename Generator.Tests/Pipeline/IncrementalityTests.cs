using KernelGen.Generator.Tests.Support;
using Microsoft.CodeAnalysis.CSharp;

namespace KernelGen.Generator.Tests.Pipeline;

/// <summary>An edit recomputes what depends on it, and nothing else. Every run is also repeated, and must then be cached.</summary>
public sealed class IncrementalityTests
{
    private const string First = """
        [KernelGen.SparseModel(Training = true)] internal partial class First
        {
            [KernelGen.Linear(4, 3, Activation = KernelGen.Activation.Relu), KernelGen.Unstructured(Sparsity = 0.5)]
            internal partial KernelGen.Linear Fc1 { get; }

            [KernelGen.Linear(3, 2, Activation = KernelGen.Activation.LeakyRelu)] internal partial KernelGen.Linear Fc2 { get; }
        }
        """;

    private const string Second = """
        [KernelGen.SparseModel] internal partial class Second
        {
            [KernelGen.Linear(4, 3, Activation = KernelGen.Activation.Relu), KernelGen.Unstructured(Sparsity = 0.9)]
            internal partial KernelGen.Linear Fc1 { get; }

            [KernelGen.Linear(3, 5)] internal partial KernelGen.Linear Fc2 { get; }
        }
        """;

    private const string Other = "internal static class Other { internal static int Answer => 42; }";

    private const string Unmarked = """
        internal partial class Unmarked
        {
            [KernelGen.Linear(4, 3), KernelGen.NM(2, 4)] internal partial KernelGen.Linear Fc { get; }
        }
        """;

    private static CSharpCompilation Program
        => Source.Compile($"{First}\n{Other}", Second, "internal class Elsewhere { }", Unmarked);

    [Theory]
    [InlineData("Answer => 42", "Answer => 43")]
    [InlineData("internal static class Other", "\n\n  // A comment.\n internal static class Other")]
    [InlineData("internal static class Other", "internal class Added { } internal static class Other")]
    [InlineData("[KernelGen.SparseModel]", "/* moved */\n\n   [KernelGen.SparseModel]")]
    [InlineData("Fc1 { get; }", "Fc1 {  get;  }  // first")]
    public void An_unrelated_edit_in_the_same_file(string before, string after)
        => AssertCachedAfter(program => program.Edit(0, text => text.Replace(before, after, StringComparison.Ordinal)));

    [Fact]
    public void An_edit_in_another_file()
        => AssertCachedAfter(program => program.Edit(2, _ => "internal class Elsewhere { internal int Added; }"));

    [Fact]
    public void A_new_file() => AssertCachedAfter(program => program.AddFile("internal class Added { }"));

    [Fact]
    public void A_size_of_one_model()
    {
        var first = GeneratorRun.Of(Program);
        var second = first.Then(Program.Edit(1, text => text.Replace("(3, 5)", "(3, 6)", StringComparison.Ordinal)));

        Assert.Contains("class Second", Assert.Single(second.New(TrackingNames.ModelFile)), StringComparison.Ordinal);
        Assert.Contains("Linear6x3Dense", Assert.Single(second.New(TrackingNames.Table)), StringComparison.Ordinal);
        Assert.All(second.New(TrackingNames.TableFile), file => Assert.Contains("Linear6x3Dense", file, StringComparison.Ordinal));
        Assert.Contains("Shape6x3", Assert.Single(second.New(TrackingNames.Shapes)), StringComparison.Ordinal);
        // A scalar tile of six rows is another than one of five; the class holds those of all instruction sets.
        Assert.All(second.New(TrackingNames.KernelFile), file => Assert.Contains("class VectorColumns<", file, StringComparison.Ordinal));
        Assert.Empty(second.New(TrackingNames.Activations));
        Assert.Contains(first.Files.Keys, name => name.Contains("Linear5x3Dense", StringComparison.Ordinal));
        Assert.DoesNotContain(second.Files.Keys, name => name.Contains("Linear5x3Dense", StringComparison.Ordinal));
    }

    [Fact]
    public void A_sparsity_changes_the_model_and_no_kernel()
    {
        var run = GeneratorRun.Of(Program)
            .Then(Program.Edit(1, text => text.Replace("Sparsity = 0.9", "Sparsity = 0.8", StringComparison.Ordinal)));

        Assert.Single(run.New(TrackingNames.ModelFile));
        Assert.Empty(run.New(TrackingNames.Table));
        Assert.Empty(run.New(TrackingNames.KernelFile));
        Assert.Empty(run.New(TrackingNames.Activations));
    }

    [Fact]
    public void Growth_changes_the_model_and_no_kernel()
    {
        var grown = Program.Edit(1, text => $"[KernelGen.Grow(KernelGen.Growth.RigL, Share = 0.5)] {text}");
        var run = GeneratorRun.Of(Program).Then(grown);

        Assert.Contains("Growth.RigL, Share: 0.5d, ", Assert.Single(run.New(TrackingNames.ModelFile)), StringComparison.Ordinal);
        Assert.Empty(run.New(TrackingNames.Table));
        Assert.Empty(run.New(TrackingNames.KernelFile));
        var moved = run.Then(grown.Edit(0, text => text.Replace("Answer => 42", "Answer => 43", StringComparison.Ordinal)));
        moved.AssertAllCached();
    }

    [Fact]
    public void A_model_that_gets_an_error_leaves_the_other_alone()
    {
        var run = GeneratorRun.Of(Program)
            .Then(Program.Edit(1, text => text.Replace("(3, 5)", "(4, 5)", StringComparison.Ordinal)));

        Assert.Contains("class Second", Assert.Single(run.New(TrackingNames.ModelFile)), StringComparison.Ordinal);
        Assert.Empty(run.New(TrackingNames.Table));
        // The tile of five rows, which only the second needed, goes.
        Assert.All(run.New(TrackingNames.KernelFile), file => Assert.DoesNotContain("Dense5", file, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(Unmarked, "KG0013")]
    [InlineData("[KernelGen.SparseModel] internal partial class Empty { }", "KG0004")]
    [InlineData(
        "[KernelGen.SparseModel] internal partial class Sloped"
            + " { [KernelGen.Linear(2, 2, NegativeSlope = 1)] internal partial KernelGen.Linear Fc { get; } }",
        "KG0023")]
    public void A_problem_moves_with_the_text_and_nothing_emitted_with_it(string program, string id)
    {
        var before = GeneratorRun.Of(Source.Compile(program));
        var after = before.Then(Source.Compile(program).Edit(0, text => $"// A comment.\n{text}"));

        Assert.All(GeneratorRun.Tracked.Except([TrackingNames.Problem]), name => Assert.Empty(after.New(name)));
        var (first, second) = (Assert.Single(before.Problems), Assert.Single(after.Problems));
        Assert.Equal([id, id], [first.Id, second.Id]);
        Assert.Equal(first.Location.SourceSpan.Start + "// A comment.\n".Length, second.Location.SourceSpan.Start);
        Assert.Contains(second.Location.SourceTree!, after.Output.SyntaxTrees);
    }

    [Fact]
    public void A_problem_that_is_mended_is_reported_no_more()
    {
        var run = GeneratorRun.Of(Program).Then(Program.Edit(3, text => $"[KernelGen.SparseModel] {text}"));
        Assert.Empty(run.Problems);
        run.AssertCompiles();
    }

    [Fact]
    public void The_order_of_two_models()
    {
        var before = GeneratorRun.Of($"{First}\n{Second}");
        var after = before.Then(Source.Compile($"{Second}\n{First}"));

        Assert.Empty(after.New(TrackingNames.KernelFile));
        Assert.Empty(after.New(TrackingNames.Activations));
        Assert.Equal(before.Files.OrderBy(file => file.Key), after.Files.OrderBy(file => file.Key));
    }

    [Fact]
    public void Equal_kinds_of_two_models_are_added_once()
    {
        var files = GeneratorRun.Of(Program).Files.Keys;
        Assert.Single(files, name => name.EndsWith("Linear3x4UnstructuredRelu.g.cs", StringComparison.Ordinal));
    }

    [Fact]
    public void Nothing_is_emitted_without_a_model() => Assert.Empty(GeneratorRun.Of(Other).Files);

    private static void AssertCachedAfter(Func<CSharpCompilation, CSharpCompilation> edit)
    {
        // Files that aren't edited keep their syntax trees, and with them the locations of their problems.
        var program = Program;
        var run = GeneratorRun.Of(program).Then(edit(program));
        run.AssertAllCached();
        Assert.All(GeneratorRun.Tracked, name => Assert.NotEmpty(run.Reasons(name)));
    }
}
