namespace KernelGen.Benchmarks.Reporting;

/// <summary>A table in Markdown.</summary>
/// <param name="columns">The columns' titles.</param>
internal sealed class MarkdownTable(params string[] columns)
{
    private readonly List<string[]> _rows = [];

    /// <summary>Appends a row: a cell for each column.</summary>
    public void Add(params string[] cells)
        => _rows.Add(cells.Length == columns.Length ? cells : throw new ArgumentException($"{cells.Length} cells for {columns.Length} columns.", nameof(cells)));

    public override string ToString() => string.Concat(_rows.Prepend([.. columns.Select(_ => "---")]).Prepend(columns).Select(Line));

    private static string Line(string[] cells) => cells.All(cell => cell == "---") ? $"|{string.Join('|', cells)}|\n" : $"| {string.Join(" | ", cells)} |\n";
}
