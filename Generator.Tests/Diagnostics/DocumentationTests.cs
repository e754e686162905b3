using System.Reflection;
using KernelGen.Generator.Diagnostics;
using KernelGen.Generator.Tests.Support;
using Microsoft.CodeAnalysis;

namespace KernelGen.Generator.Tests.Diagnostics;

/// <summary>Each rule has a page, whose wrong example leads to the rule and whose right one to none.</summary>
public sealed class DocumentationTests
{
    private static readonly IReadOnlyList<DiagnosticDescriptor> Rules =
        [.. typeof(Rules).GetFields(BindingFlags.Public | BindingFlags.Static)
            .Select(field => (DiagnosticDescriptor)field.GetValue(null)!)];

    public static TheoryData<string> Ids => [.. Rules.Select(rule => rule.Id)];

    [Theory]
    [MemberData(nameof(Ids))]
    public void A_page(string id)
    {
        var rule = Rules.Single(rule => rule.Id == id);
        var page = DiagnosticPage.All.Single(page => page.Id == id);
        Assert.Equal($"docs/diagnostics/{id}.md", rule.HelpLinkUri);
        Assert.StartsWith($"# {id}: {rule.Title}\n", page.Text, StringComparison.Ordinal);
        if (!page.IsAboutProject)
        {
            Assert.Equal([id], Diagnose(page.Wrong));
            Assert.Empty(Diagnose(page.Right));
        }
    }

    [Fact]
    public void The_rules_are_numbered_in_order() => Assert.Equal(
        Enumerable.Range(1, Rules.Count).Select(number => $"KG{number:D4}"),
        Rules.Select(rule => rule.Id));

    private static IEnumerable<string> Diagnose(string example)
        => GeneratorRun.Of("using KernelGen; " + example).Problems.Select(problem => problem.Id).Distinct();
}
