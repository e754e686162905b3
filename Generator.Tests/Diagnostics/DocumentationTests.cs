using System.Text.RegularExpressions;
using KernelGen.Generator.Diagnostics;
using KernelGen.Generator.Tests.Support;

namespace KernelGen.Generator.Tests.Diagnostics;

/// <summary>Each rule has a page, whose wrong example leads to the rule and whose right one to none.</summary>
public sealed partial class DocumentationTests
{
    public static TheoryData<string> Ids => [.. Rules.All.Select(rule => rule.Id)];

    [Theory]
    [MemberData(nameof(Ids))]
    public async Task A_page(string id)
    {
        var rule = Rules.All.Single(rule => rule.Id == id);
        Assert.Equal($"docs/diagnostics/{id}.md", rule.HelpLinkUri);
        var page = await File.ReadAllTextAsync(
            Path.Combine(Repository(), rule.HelpLinkUri), TestContext.Current.CancellationToken);
        Assert.StartsWith($"# {id}: {rule.Title}\n", page, StringComparison.Ordinal);
        var examples = Example().Matches(page).Select(match => match.Groups["code"].Value).ToList();
        if (page.Contains("```xml", StringComparison.Ordinal))
        {
            return;
        }

        Assert.Equal(2, examples.Count);
        Assert.Equal([id], await Diagnose(examples[0]));
        Assert.Empty(await Diagnose(examples[1]));
    }

    [Fact]
    public void The_rules_are_numbered_in_order() => Assert.Equal(
        Enumerable.Range(1, Rules.All.Length).Select(number => $"KG{number:D4}"),
        Rules.All.Select(rule => rule.Id));

    private static async Task<IEnumerable<string>> Diagnose(string example)
    {
        var found = await Source.Compile("using KernelGen; " + Complete(example)).Diagnose(TestContext.Current.CancellationToken);
        return found.Select(diagnostic => diagnostic.Id).Distinct();
    }

    /// <summary>Puts what a page leaves out around an example: the class, or the layer in it.</summary>
    private static string Complete(string example)
    {
        const string Layer = "[Linear(784, 784), NM(2, 4)] public partial Linear Other { get; }";
        const string Model = $"public partial class Mlp {{ {Layer} }}";
        var others = example.Contains("[Linear", StringComparison.Ordinal) ? "" : Layer;
        return example switch
        {
            _ when example.Contains("Mlp", StringComparison.Ordinal) || example.Contains("class", StringComparison.Ordinal) => example,
            _ when example.StartsWith("[SparseModel]", StringComparison.Ordinal) => example + Model,
            _ when example.StartsWith("[Prune", StringComparison.Ordinal) => "[SparseModel] " + example + Model,
            _ => $"[SparseModel] public partial class Mlp {{ {others} {example} }}",
        };
    }

    private static string Repository()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!Directory.Exists(Path.Combine(folder.FullName, "docs", "diagnostics")))
        {
            folder = folder.Parent ?? throw new DirectoryNotFoundException("No docs/diagnostics above the tests.");
        }

        return folder.FullName;
    }

    [GeneratedRegex("```csharp\n(?<code>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Example();
}
