using System.Globalization;
using Study.Running;

namespace Study.Reporting;

/// <summary>The report of a study: a page and its pictures, from the results file alone.</summary>
internal static class ReportFile
{
    /// <summary>Writes the report beside the results.</summary>
    /// <param name="folder">Where the results are.</param>
    /// <returns>The page's path.</returns>
    /// <exception cref="FileNotFoundException">There are no results.</exception>
    public static string Write(DirectoryInfo folder)
    {
        var file = StudyPlan.ResultsIn(folder.FullName);
        var results = file.Read();
        if (results.Count == 0)
        {
            throw new FileNotFoundException($"There are no results in {file.Path}: name the folder of a study's data by --output.");
        }

        var path = Path.Combine(folder.FullName, "report.md");
        var times = StudyPlan.ResultsIn(StudyPlan.TimesIn(folder).FullName).Read();
        File.WriteAllText(path, Text(results, times));
        var cells = Cell.Of(results);
        if (IsStudy(cells))
        {
            string InFolder(string name) => Path.Combine(folder.FullName, name);
            var data = results[0].Run.Data;
            Pictures.Accuracy(cells, data, InFolder("accuracy.png"));
            Pictures.Logarithmic(cells, data, "right predictions per parameter, by hardness", cell => cell.Mean(result => result.HardnessEfficiency), InFolder("efficiency.png"));
            Pictures.Logarithmic(cells, data, "a step of training, ms", cell => CostTable.StepMilliseconds(cell, times), InFolder("time.png"));
            Pictures.Logarithmic(cells, data, "memory in training, KB", cell => CostTable.Kilobytes(cell, times), InFolder("memory.png"));
        }

        return path;
    }

    /// <summary>The page.</summary>
    /// <param name="results">The study's runs.</param>
    /// <param name="times">Short runs of the same, timed alone; any number.</param>
    public static string Text(IReadOnlyList<RunResult> results, IReadOnlyList<RunResult> times)
    {
        var cells = Cell.Of(results);
        var runs = results.Select(result => result.Run).ToList();
        var first = results[0];
        var different = results.Where(result => result.CorrectOnKernels != result.Correct).ToList();
        var head = $"""
            # {first.Run.Data}

            {results.Count} runs of {Join(runs.Select(run => run.Epochs))} epochs in batches of {Join(runs.Select(run => run.Batch))}, seeds {Join(runs.Select(run => run.Seed))}; {first.ValidationSamples} images to choose by, {first.Samples} to test. AdamW, its rate on a cosine to 0.
            KernelGen {Join(results.Select(result => result.Version))}, kernels for {Join(results.Select(result => result.Kernels))}, one thread a run. Accuracies are those of the final weights, in percent: {(runs.DistinctBy(run => run.Seed).Count() > 1 ? "mean ± standard deviation over seeds" : "of one seed, so that differences of some tenths say nothing")}.


            """;
        return head + (IsStudy(cells) ? Study(cells, times) : $"{AccuracyTables.Settings(cells)}") + $"""

            ## On the emitted kernels

            Each final model was saved, loaded into the annotated class and run on the emitted kernels. {results.Count - different.Count} of {results.Count} get exactly as many images right as in training; the largest difference is {different.Select(result => Math.Abs(result.CorrectOnKernels - result.Correct)).DefaultIfEmpty().Max()} of {first.Samples}.

            """;
    }

    private static string Study(IReadOnlyList<Cell> cells, IReadOnlyList<RunResult> times) => $"""
        {AccuracyTables.Best(cells)}
        ## Accuracy

        {AccuracyTables.Grid(cells, cell => cell.AccuracyText)}
        ![Accuracy over sparsity](accuracy.png)

        ## Parameter efficiency

        Right predictions per parameter / the same by hardness (docs/measures.md).

        {AccuracyTables.Grid(cells, Efficiency)}
        ![Right predictions per parameter, by hardness](efficiency.png)

        ## Cost

        Steps and memory are those of {(times.Count > 0 ? $"runs of {Join(times.Select(result => result.Run.Epochs))} epochs, one after the other" : "no run yet: the same command with --times measures them")}. FLOPs count what an implementation needs that skips every inactive weight.

        {CostTable.Of(cells, times)}
        ![Time of a step](time.png)
        ![Memory in training](memory.png)

        ## Settings

        Each from the sparsity on that its row names.

        {AccuracyTables.Settings([.. cells.DistinctBy(cell => (cell.Method, cell.Settings))])}
        """;

    private static string Efficiency(Cell cell) => string.Create(
        CultureInfo.InvariantCulture, $"{cell.Mean(result => result.ParameterEfficiency):0.000} / {cell.Mean(result => result.HardnessEfficiency):0.000}");

    // Tuning has several settings of a method at one sparsity.
    private static bool IsStudy(IReadOnlyList<Cell> cells) => cells.GroupBy(cell => (cell.Method, cell.Sparsity)).All(group => group.Count() == 1);

    private static string Join<T>(IEnumerable<T> values) => string.Join(", ", values.Distinct().Order());
}
