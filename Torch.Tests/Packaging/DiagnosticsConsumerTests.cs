using System.Text.RegularExpressions;
using KernelGen.Generator.Tests.Support;

namespace KernelGen.Torch.Tests.Packaging;

/// <summary>
/// What the build of a project outside the repository prints for the wrong example of each page in docs/diagnostics. Only the
/// real compiler tells: where declarations have errors it skips what it does later, and a diagnostic with it.
/// </summary>
[Trait("Category", "Slow")]
[Collection(nameof(PackageFeed))]
public sealed partial class DiagnosticsConsumerTests(PackageFeed feed)
{
    public static TheoryData<string> PagesAboutProjects
        => [.. DiagnosticPage.All.Where(page => page.IsAboutProject).Select(page => page.Id)];

    [Fact]
    public async Task All_mistakes_in_one_project_are_reported_each_in_its_file()
    {
        var pages = DiagnosticPage.All.Where(page => !page.IsAboutProject).ToList();
        var folder = feed.CreateProject("KernelGen", "Mistakes", "");
        foreach (var page in pages)
        {
            File.WriteAllText(
                Path.Combine(folder, $"{page.Id}.cs"), $"using KernelGen;\n\nnamespace Pages.{page.Id};\n\n{page.Wrong}");
        }

        File.WriteAllText(Path.Combine(folder, "Pragma.cs"), SlopeWithoutEffect("Pragma", "#pragma warning disable KG0023"));
        File.WriteAllText(Path.Combine(folder, "Config.cs"), SlopeWithoutEffect("Config"));
        File.WriteAllText(Path.Combine(folder, ".editorconfig"), "[Config.cs]\ndotnet_diagnostic.KG0023.severity = none\n");

        var messages = await FailToBuild(folder);

        Assert.Equal(pages.Select(page => Expected($"{page.Id}.cs", page)), ByFile(messages));
        Assert.All(messages.Where(IsOurs), AssertLinksToPage);
    }

    [Theory]
    [MemberData(nameof(PagesAboutProjects))]
    public async Task A_setting_of_the_project(string id)
    {
        var page = DiagnosticPage.All.Single(page => page.Id == id);
        var folder = feed.CreateProject("KernelGen", id, page.Wrong);
        File.WriteAllText(Path.Combine(folder, "Mlp.cs"), """
            using KernelGen;

            namespace Pages;

            [SparseModel]
            public sealed partial class Mlp
            {
                [Linear(784, 10)]
                public partial Linear Fc { get; }
            }
            """);

        var messages = await FailToBuild(folder);

        Assert.Equal(Expected("Mlp.cs", page), ByFile(messages).Single(line => line.StartsWith("Mlp.cs", StringComparison.Ordinal)));
    }

    private static string SlopeWithoutEffect(string name, string pragma = "") => $$"""
        using KernelGen;

        namespace Silent.{{name}};

        [SparseModel]
        public sealed partial class Mlp
        {
        {{pragma}}
            [Linear(784, 10, Activation = Activation.Relu, NegativeSlope = 0.2f)]
            public partial Linear Fc { get; }
        }
        """;

    private static async Task<IReadOnlyList<CompilerMessage>> FailToBuild(string folder)
    {
        // MSBuild itself, since "dotnet build" prints everything a second time in its summary.
        var (exitCode, output, error) = await DotNet.Try(folder, "msbuild", "-restore", "-m:1", "-tl:off", "-v:m", "-clp:NoSummary");
        var messages = CompilerMessage.In(output);
        Assert.True(exitCode != 0 && messages.Count > 0, $"The build ended with {exitCode}:\n{output}\n{error}");
        Assert.Equal(messages.Distinct(), messages);
        return messages;
    }

    // The page's own id and severity, then the compiler's errors that it says come along.
    private static string Expected(string file, DiagnosticPage page)
    {
        var severity = page.Text.Contains("\nError: ", StringComparison.Ordinal) ? "error" : "warning";
        return string.Join(' ', [$"{file}:", .. page.CompilerErrors.Select(id => $"error {id}"), $"{severity} {page.Id}"]);
    }

    private static IEnumerable<string> ByFile(IReadOnlyList<CompilerMessage> messages)
        => messages
            .GroupBy(message => message.File)
            .OrderBy(file => file.Key, StringComparer.Ordinal)
            .Select(file => $"{file.Key}: {string.Join(' ', file
                .Select(message => $"{message.Severity} {message.Id}")
                .Distinct()
                .Order(StringComparer.Ordinal))}");

    private static bool IsOurs(CompilerMessage message) => message.Id.StartsWith("KG", StringComparison.Ordinal);

    private static void AssertLinksToPage(CompilerMessage message)
    {
        var link = Link().Match(message.Text).Groups["link"].Value;
        Assert.StartsWith($"# {message.Id}: ", File.ReadAllText(new Uri(link).LocalPath), StringComparison.Ordinal);
    }

    [GeneratedRegex(@"\((?<link>file:[^)]+)\)$")]
    private static partial Regex Link();
}
