using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace KernelGen.Generator.Tests.Support;

/// <summary>Compiles test programs as a user's project would.</summary>
internal static class Source
{
    private static readonly ImmutableArray<MetadataReference> References = FindReferences();

    private static readonly ImmutableArray<MetadataReference> GpuReferences =
        [.. new[] { "KernelGen.Gpu.dll", "ILGPU.dll" }.Select(file => MetadataReference.CreateFromFile(Path.Combine(AppContext.BaseDirectory, file)))];

    public static CSharpParseOptions ParseOptions { get; } = new(LanguageVersion.CSharp13, DocumentationMode.Diagnose);

    /// <summary>Warnings are errors, nullable is on, every public member needs a comment.</summary>
    public static CSharpCompilationOptions Options { get; } = new(
        OutputKind.DynamicallyLinkedLibrary,
        allowUnsafe: true,
        nullableContextOptions: NullableContextOptions.Enable,
        generalDiagnosticOption: ReportDiagnostic.Error,
        warningLevel: 9999);

    public static CSharpCompilation Compile(params string[] files) => Compile(ParseOptions, Options, files);

    public static CSharpCompilation Compile(
        CSharpParseOptions parseOptions, CSharpCompilationOptions options, params string[] files)
        => CSharpCompilation.Create(
            "Test.App",
            files.Select((text, index) => CSharpSyntaxTree.ParseText(text, parseOptions, $"File{index}.cs")),
            References,
            options);

    /// <summary>The compilation with one file's text replaced.</summary>
    public static CSharpCompilation Edit(this CSharpCompilation compilation, int file, Func<string, string> edit)
    {
        var tree = compilation.SyntaxTrees[file];
        var text = edit(tree.ToString());
        return compilation.ReplaceSyntaxTree(tree, CSharpSyntaxTree.ParseText(text, ParseOptions, tree.FilePath));
    }

    /// <summary>The compilation of a project that references KernelGen.Gpu, too.</summary>
    public static CSharpCompilation WithGpu(this CSharpCompilation compilation) => compilation.AddReferences(GpuReferences);

    public static CSharpCompilation AddFile(this CSharpCompilation compilation, string text)
        => compilation.AddSyntaxTrees(CSharpSyntaxTree.ParseText(text, ParseOptions, $"File{compilation.SyntaxTrees.Length}.cs"));

    private static ImmutableArray<MetadataReference> FindReferences()
    {
        var framework = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        var assemblies = Directory.GetFiles(framework, "System.*.dll")
            .Where(path => !Path.GetFileName(path).Contains("Native", StringComparison.Ordinal))
            .Append(Path.Combine(framework, "netstandard.dll"))
            .Append(Path.Combine(AppContext.BaseDirectory, "KernelGen.Annotations.dll"))
            .Append(Path.Combine(AppContext.BaseDirectory, "KernelGen.Runtime.dll"));
        return [.. assemblies.Select(path => MetadataReference.CreateFromFile(path))];
    }
}
