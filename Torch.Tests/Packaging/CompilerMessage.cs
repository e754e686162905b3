using System.Text.RegularExpressions;

namespace KernelGen.Torch.Tests.Packaging;

/// <summary>An error or a warning with a place, as a build prints it.</summary>
/// <param name="File">The file's name, without its folder.</param>
/// <param name="Place">The line and the column.</param>
/// <param name="Severity">"error" or "warning".</param>
/// <param name="Id">Such as "KG0001".</param>
/// <param name="Text">What it says; a link to its page may follow in parentheses.</param>
internal sealed partial record CompilerMessage(string File, string Place, string Severity, string Id, string Text)
{
    public static IReadOnlyList<CompilerMessage> In(string output)
        => [.. Line().Matches(output).Select(match => new CompilerMessage(
            Path.GetFileName(match.Groups["file"].Value),
            match.Groups["place"].Value,
            match.Groups["severity"].Value,
            match.Groups["id"].Value,
            match.Groups["text"].Value))];

    [GeneratedRegex(
        @"^\s*(?<file>[^(\r\n]+)\((?<place>\d+,\d+)\): (?<severity>error|warning) (?<id>\w+): (?<text>.*?)(?: \[[^\]]+\])?\r?$",
        RegexOptions.Multiline)]
    private static partial Regex Line();
}
