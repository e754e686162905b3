using System.Runtime.Loader;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace KernelGen.Benchmarks.GeneratorCost;

/// <summary>Runs generators alone, in this process, as an editor does.</summary>
internal sealed class InMemoryBuild
{
    private GeneratorDriver _driver;
    private Compilation _compilation;
    private SyntaxTree _unrelated;

    public InMemoryBuild(string model, params IEnumerable<IIncrementalGenerator> generators)
    {
        var options = CSharpParseOptions.Default;
        _unrelated = CSharpSyntaxTree.ParseText(LayerKinds.Unrelated(0), options);
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => !Path.GetFileName(path).StartsWith("Microsoft.CodeAnalysis", StringComparison.Ordinal))
            // As in the console project, which has no kernels for GPUs.
            .Where(path => Path.GetFileName(path) != "KernelGen.Gpu.dll")
            .Select(path => MetadataReference.CreateFromFile(path));
        _compilation = CSharpCompilation.Create(
            "Measured", [CSharpSyntaxTree.ParseText(model, options), _unrelated], references, new CSharpCompilationOptions(OutputKind.ConsoleApplication, allowUnsafe: true));
        _driver = CSharpGeneratorDriver.Create(generators.Select(generator => generator.AsSourceGenerator()), parseOptions: options).RunGenerators(_compilation);
    }

    public static string GeneratorPath => Path.Combine(AppContext.BaseDirectory, "generator", "KernelGen.Generator.dll");

    /// <summary>All generators of the file, as a compiler loads them.</summary>
    public static IReadOnlyList<IIncrementalGenerator> Generators { get; } =
    [
        .. AssemblyLoadContext.Default.LoadFromAssemblyPath(GeneratorPath).GetExportedTypes()
            .Where(type => type.IsDefined(typeof(GeneratorAttribute), inherit: false))
            .Select(type => (IIncrementalGenerator)Activator.CreateInstance(type)!),
    ];

    /// <summary>Files and characters that are emitted.</summary>
    public (int Files, int Characters) Emitted
    {
        get
        {
            var trees = _driver.GetRunResult().GeneratedTrees;
            return (trees.Length, trees.Sum(tree => tree.Length));
        }
    }

    /// <summary>Edits the file that has nothing to do with the model; what the generators took.</summary>
    public TimeSpan EditElsewhere(int edit)
    {
        var edited = CSharpSyntaxTree.ParseText(LayerKinds.Unrelated(edit), CSharpParseOptions.Default);
        _compilation = _compilation.ReplaceSyntaxTree(_unrelated, edited);
        _unrelated = edited;
        _driver = _driver.RunGenerators(_compilation);
        return TimeSpan.FromTicks(_driver.GetTimingInfo().GeneratorTimes.Sum(generator => generator.ElapsedTime.Ticks));
    }
}
