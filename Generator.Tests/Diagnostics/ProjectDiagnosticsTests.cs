using KernelGen.Generator.Tests.Support;
using Microsoft.CodeAnalysis.CSharp;

namespace KernelGen.Generator.Tests.Diagnostics;

/// <summary>Settings of the project that emitted code needs, and arguments that the compiler rejects.</summary>
public sealed class ProjectDiagnosticsTests
{
    private const string Model = "internal partial class Mlp { [Linear(2, 2)] internal partial Linear Fc { get; } }";

    [Fact]
    public void A_project_without_unsafe_code() => Expect.Problem(
        Source.ParseOptions,
        Source.Options.WithAllowUnsafe(false),
        $"[[|SparseModel|]] {Model}",
        "KG0008",
        "Emitted kernels use unsafe code, which this project doesn't allow; set <AllowUnsafeBlocks>true</AllowUnsafeBlocks> "
            + "in the project file");

    [Fact]
    public void A_language_that_is_too_old() => Expect.Problem(
        Source.ParseOptions.WithLanguageVersion(LanguageVersion.CSharp12),
        Source.Options,
        $"[[|SparseModel|]] {Model}",
        "KG0009",
        "Emitted code needs C# 13 or later, and this project uses C# 12.0; set <LangVersion>13</LangVersion> in the project file",
        "CS8703");

    [Theory]
    [InlineData("[Linear(2, 2)] required", "CS9034")]
    [InlineData("[Linear(2)]", "CS7036")]
    [InlineData("[Linear(\"2\", 2)]", "CS1503")]
    [InlineData("[Linear(2, 2), NM(2)]", "CS7036")]
    [InlineData("[Linear(2, 2, Activation = 1.5)]", "CS0266")]
    [InlineData("[Linear(2, 2), Linear(2, 2)]", "CS0579")]
    [InlineData("[Linear(2, 2), Prune]", "CS7036")]
    public void What_the_compiler_rejects_is_left_to_it(string attributes, string error)
    {
        var run = GeneratorRun.Of(
            $"using KernelGen; [SparseModel] internal partial class Mlp {{ {attributes} internal partial Linear Fc {{ get; }} }}");
        Assert.Empty(run.Problems);
        Assert.Equal([error], run.CompilerProblems);
    }

    [Fact]
    public void A_model_marked_twice_is_left_to_the_compiler()
    {
        var run = GeneratorRun.Of($"using KernelGen; [SparseModel] {Model} [SparseModel] internal partial class Mlp {{ }}");
        Assert.Empty(run.Problems);
        Assert.Equal(["CS0579"], run.CompilerProblems);
    }
}
