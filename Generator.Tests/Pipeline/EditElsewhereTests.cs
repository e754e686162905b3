using KernelGen.Generator.Parsing;
using KernelGen.Generator.Tests.Support;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace KernelGen.Generator.Tests.Pipeline;

/// <summary>What a model says may depend on other files: a declaration there counts, a method's body doesn't and costs nothing.</summary>
public sealed class EditElsewhereTests
{
    private const string Model = """
        [KernelGen.SparseModel] public partial class M : Base
        {
            [KernelGen.Linear(Sizes.In, 3)] public partial KernelGen.Linear Fc { get; }
        }
        """;

    private const string Elsewhere = """
        public class Base { private int _field = 7; public int Method() { return _field; } public int Arrow => 1; public int Got { get => 2; } }
        public static class Sizes { public const int In = (int)Many.Four; }
        public enum Many { Four = 4 }
        """;

    private static CSharpCompilation Program => Source.Compile(Model, Elsewhere);

    [Theory]
    [InlineData("return _field;", "var twice = 2 * _field; return twice;")]
    [InlineData("Arrow => 1", "Arrow => 2")]
    [InlineData("get => 2;", "get => 3;")]
    [InlineData("public enum", "// A comment.\npublic   enum")]
    public void A_body_is_not_asked_about(string before, string after)
    {
        var program = Program;
        _ = GeneratorRun.Of(program);
        var edited = Edited(program, before, after);

        Assert.NotNull(ParsedBefore.Find(Declaration(edited), edited));
        Assert.NotNull(ParsedBefore.Find(Declaration(program), program));
    }

    [Theory]
    [InlineData("(int)Many.Four", "5", "Linear3x5Dense")]
    [InlineData("Four = 4", "Four = 5", "Linear3x5Dense")]
    [InlineData("Four = 4", "None, Four", "Linear3x1Dense")]
    [InlineData("Arrow", "Layers", "KG0006")]
    [InlineData("public class Base", "[KernelGen.SparseModel] public partial class Base", "KG0007")]
    public void A_declaration_counts(string before, string after, string expected)
    {
        var program = Program;
        var first = GeneratorRun.Of(program);
        var second = first.Then(Edited(program, before, after));

        Assert.DoesNotContain(expected, Told(first));
        Assert.Contains(expected, Told(second));
        Assert.DoesNotContain(expected, Told(second.Then(program)));
    }

    [Fact]
    public void Options_references_and_files_count()
    {
        var program = Program;
        var first = GeneratorRun.Of(program);
        var (safe, renamed) = (program.WithOptions(program.Options.WithAllowUnsafe(false)), program.WithAssemblyName("Renamed"));

        Assert.All(
            new[] { safe, renamed, program.AddFile(""), program.RemoveSyntaxTrees(program.SyntaxTrees[1]), program.WithReferences(program.References.Skip(1)) },
            changed => Assert.Null(ParsedBefore.Find(Declaration(changed), changed)));
        Assert.Contains("KG0008", Told(first.Then(safe)));
        Assert.Contains("Generated.Renamed.Linear3x4Dense", Told(first.Then(renamed)));
    }

    /// <summary>A problem's location lies in a file that is edited: it must move along, or the compiler would refuse it.</summary>
    [Fact]
    public void A_problem_in_another_part_of_the_model_moves_with_its_file()
    {
        var program = Source.Compile(
            "[KernelGen.SparseModel] public partial class M { [KernelGen.Linear(4, 3)] public partial KernelGen.Linear Fc { get; } }",
            "public partial class M { public int Other() => 1; [KernelGen.NM(2, 4)] public int Wrong => 1; }");
        var first = GeneratorRun.Of(program);
        var second = first.Then(Edited(program, "Other() => 1", "Other() => 1234"));

        Assert.Equal(
            Assert.Single(first.Problems).Location.SourceSpan.Start + "234".Length, Assert.Single(second.Problems).Location.SourceSpan.Start);
        Assert.Contains(second.Problems[0].Location.SourceTree!, second.Output.SyntaxTrees);
    }

    private static CSharpCompilation Edited(CSharpCompilation program, string before, string after)
        => program.Edit(1, text => text.Replace(before, after, StringComparison.Ordinal));

    /// <summary>The ids of what is reported, and the hint names of the kernels.</summary>
    private static string Told(GeneratorRun run) => string.Join(" ", run.Problems.Select(problem => problem.Id).Concat(run.Files.Keys));

    private static ClassDeclarationSyntax Declaration(Compilation program)
        => program.SyntaxTrees.First().GetRoot().DescendantNodes().OfType<ClassDeclarationSyntax>().First();
}
