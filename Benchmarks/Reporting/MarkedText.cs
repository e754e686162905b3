namespace KernelGen.Benchmarks.Reporting;

/// <summary>Documents whose generated parts stand between markers, each on a line of its own: <c>&lt;!-- begin: name --&gt;</c> and <c>end</c>.</summary>
internal static class MarkedText
{
    /// <summary>The document with another text between the markers of a name.</summary>
    /// <exception cref="InvalidDataException">The document doesn't hold the two markers, once each and in order.</exception>
    public static string Replace(string document, string name, string content)
    {
        var (begin, end) = ($"<!-- begin: {name} -->\n", $"<!-- end: {name} -->\n");
        var first = document.IndexOf(begin, StringComparison.Ordinal);
        var last = document.IndexOf(end, StringComparison.Ordinal);
        return first >= 0 && last > first
            && document.LastIndexOf(begin, StringComparison.Ordinal) == first && document.LastIndexOf(end, StringComparison.Ordinal) == last
            ? $"{document[..(first + begin.Length)]}{content.TrimEnd('\n')}\n{document[last..]}"
            : throw new InvalidDataException(
                $"The document needs the lines '{begin.TrimEnd()}' and '{end.TrimEnd()}', once each and in this order.");
    }
}
