using System;
using System.Linq;
using KernelGen.Generator.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace KernelGen.Generator.Diagnostics;

/// <summary>Turns problems into diagnostics that link to their page.</summary>
internal static class Reporter
{
    /// <summary>
    /// The folder of the pages on this machine, which the package's build file tells; null where the generator is referenced
    /// without the package.
    /// </summary>
    public static string? PagesFolder(AnalyzerConfigOptionsProvider options)
        => options.GlobalOptions.TryGetValue("build_property.KernelGenDiagnosticsFolder", out var folder) && folder.Length > 0
            ? folder
            : null;

    public static Diagnostic Diagnose(Problem problem, string? pagesFolder)
        => Diagnostic.Create(WithLink(problem.Rule, pagesFolder), problem.Location, problem.Arguments.ToArray());

    private static DiagnosticDescriptor WithLink(DiagnosticDescriptor rule, string? pagesFolder)
        => pagesFolder is null || !Uri.TryCreate(pagesFolder, UriKind.Absolute, out var folder)
            ? rule
            : new(
                rule.Id,
                rule.Title,
                rule.MessageFormat,
                rule.Category,
                rule.DefaultSeverity,
                rule.IsEnabledByDefault,
                helpLinkUri: new Uri(folder, $"{rule.Id}.md").AbsoluteUri);
}
