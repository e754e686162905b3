using System.Text;
using KernelGen.Benchmarks.Kernels;
using KernelGen.Serialization;

namespace KernelGen.Benchmarks.Reporting;

/// <summary>Makes the tables and the plots of the documents from the file of a run.</summary>
internal static class ReportCommand
{
    /// <param name="json">What "kernels --json" wrote.</param>
    /// <param name="output">The folder of the documents: benchmarks.md, and images for the plots.</param>
    /// <exception cref="InvalidDataException">The file holds no results, or the document lacks a marker.</exception>
    public static void Run(FileInfo json, DirectoryInfo output)
    {
        var run = KernelResults.Load(json);
        var order = KernelCases.All.Select((benchmark, index) => (benchmark.Id, index)).ToDictionary();
        var results = run.Results.OrderBy(result => order.GetValueOrDefault(result.Id, int.MaxValue)).ToList();
        if (results.Count == 0)
        {
            throw new InvalidDataException($"{json} holds no results yet: run 'kernels --json {json} --resume' first.");
        }

        var missing = KernelTables.MissingCases(KernelCases.All.Select(benchmark => benchmark.Id), results.Select(result => result.Id).ToHashSet());
        var document = Path.Combine(output.FullName, "benchmarks.md");
        var text = MarkedText.Replace(File.ReadAllText(document), "machine", KernelTables.Machine(run) + missing);
        text = MarkedText.Replace(text, "spmm", KernelTables.Spmm(results));
        text = MarkedText.Replace(text, "spmv", KernelTables.Spmv(results));
        text = MarkedText.Replace(text, "few samples", KernelTables.FewSamples(results));
        AtomicFile.Write(document, stream => stream.Write(Encoding.UTF8.GetBytes(text)));

        var images = output.CreateSubdirectory("images").FullName;
        RooflinePlot.Save(run.Roofline, results, Path.Combine(images, "roofline.png"));
        SpeedUpPlot.Save(results, Path.Combine(images, "speed-up.png"));
        Console.WriteLine($"{results.Count} of {KernelCases.All.Count} cases: {document}, roofline.png and speed-up.png in {images}");
        if (missing.Length > 0)
        {
            Console.Write(missing);
            Console.WriteLine($"To add them: kernels --json {json} --resume --rounds {run.Rounds}");
        }
    }
}
