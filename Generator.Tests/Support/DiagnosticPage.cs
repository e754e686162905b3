using System.Text.RegularExpressions;

namespace KernelGen.Generator.Tests.Support;

/// <summary>A rule's page in docs/diagnostics, with examples that can stand in a file.</summary>
internal sealed partial class DiagnosticPage
{
    private const string Layer = "[Linear(784, 784), NM(2, 4)] public partial Linear Other { get; }";
    private const string Model = $"public partial class Mlp {{ {Layer} }}";

    private DiagnosticPage(string path)
    {
        Id = Path.GetFileNameWithoutExtension(path);
        Text = File.ReadAllText(path);
        var examples = Example().Matches(Text).Select(match => match.Groups["code"].Value).ToList();
        IsAboutProject = Text.Contains("```xml", StringComparison.Ordinal);
        (Wrong, Right) = examples is [var wrong, var right]
            ? IsAboutProject ? (wrong, right) : (Complete(wrong), Complete(right))
            : throw new InvalidDataException($"{path} has {examples.Count} examples, not a wrong and a right one.");
    }

    /// <summary>All pages, by id.</summary>
    public static IReadOnlyList<DiagnosticPage> All { get; } =
        [.. Directory.GetFiles(Folder(), "KG*.md").Order(StringComparer.Ordinal).Select(path => new DiagnosticPage(path))];

    public string Id { get; }

    public string Text { get; }

    /// <summary>Whether the examples are part of a project file; otherwise they are C#.</summary>
    public bool IsAboutProject { get; }

    public string Wrong { get; }

    public string Right { get; }

    /// <summary>The compiler's own errors that the page says come along with its wrong example, in ordinal order.</summary>
    public IEnumerable<string> CompilerErrors
        => CompilerError().Matches(Beside().Match(Text).Value).Select(match => match.Value).Distinct().Order(StringComparer.Ordinal);

    /// <summary>Puts what a page leaves out around an example: the class, or the layer in it.</summary>
    private static string Complete(string example)
    {
        var others = example.Contains("[Linear", StringComparison.Ordinal) ? "" : Layer;
        return example switch
        {
            _ when example.Contains("class", StringComparison.Ordinal) || example.Contains("Mlp", StringComparison.Ordinal) => example,
            _ when example.StartsWith("[SparseModel]", StringComparison.Ordinal) => example + Model,
            _ when example.StartsWith("[Prune", StringComparison.Ordinal) => "[SparseModel] " + example + Model,
            _ => $"[SparseModel] public partial class Mlp {{ {others} {example} }}",
        };
    }

    private static string Folder()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!Directory.Exists(Path.Combine(folder.FullName, "docs", "diagnostics")))
        {
            folder = folder.Parent ?? throw new DirectoryNotFoundException("No docs/diagnostics above the tests.");
        }

        return Path.Combine(folder.FullName, "docs", "diagnostics");
    }

    [GeneratedRegex("```(csharp|xml)\n(?<code>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Example();

    [GeneratedRegex("## What the compiler adds\n.*?(?=\n## |$)", RegexOptions.Singleline)]
    private static partial Regex Beside();

    [GeneratedRegex(@"\bCS\d{4}\b")]
    private static partial Regex CompilerError();
}
