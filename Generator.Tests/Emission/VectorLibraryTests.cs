using KernelGen.Generator.Emission.Cpu.Library;
using KernelGen.Generator.Tests.Support;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace KernelGen.Generator.Tests.Emission;

/// <summary>What all models' kernels are written in: its text, and that only the runtime library's build gets it.</summary>
public sealed class VectorLibraryTests
{
    [Fact]
    public void Text()
    {
        var files = VectorLibrary.Emit().ToList();
        Assert.Equal(1 + (4 * 4), files.Count);
        Assert.All(files, file => Snapshot.Match(
            file.Text, nameof(VectorLibraryTests), file.HintName[(VectorLibrary.Namespace.Length + 1)..].Replace(".g.cs", "", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("true", 17)]
    [InlineData("", 0)]
    [InlineData(null, 0)]
    public void It_is_emitted_where_the_build_asks_for_it(string? asked, int files)
    {
        GeneratorDriver driver = CSharpGeneratorDriver.Create(
            [new VectorLibraryGenerator().AsSourceGenerator()], optionsProvider: new Options(asked));

        Assert.Equal(files, driver.RunGenerators(Source.Compile(""), TestContext.Current.CancellationToken).GetRunResult().GeneratedTrees.Length);
    }

    private sealed class Options(string? asked) : AnalyzerConfigOptionsProvider
    {
        public override AnalyzerConfigOptions GlobalOptions { get; } = new Properties(asked);

        public override AnalyzerConfigOptions GetOptions(SyntaxTree tree) => GlobalOptions;

        public override AnalyzerConfigOptions GetOptions(AdditionalText textFile) => GlobalOptions;
    }

    private sealed class Properties(string? asked) : AnalyzerConfigOptions
    {
        public override bool TryGetValue(string key, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out string? value)
        {
            value = key == "build_property.KernelGenVectorLibrary" ? asked : null;
            return value is not null;
        }
    }
}
