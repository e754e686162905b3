using Study.Data;
using Study.Methods;
using Study.Training;

namespace Study.Running;

/// <summary>What a study consists of.</summary>
/// <param name="Data">The images.</param>
/// <param name="Architecture">The classes to train.</param>
/// <param name="Runs">All runs, in the order they are taken.</param>
/// <param name="Output">Results, checkpoints, claims and models go there.</param>
/// <param name="Report">The folder of the report that shows the results.</param>
internal sealed record StudyPlan(StudyData Data, Architecture Architecture, IReadOnlyList<RunKey> Runs, DirectoryInfo Output, DirectoryInfo Report)
{
    public ResultFile Results => ResultsIn(Output.FullName);

    public string Claims => Path.Combine(Output.FullName, "claims");

    /// <summary>The results in a study's folder.</summary>
    public static ResultFile ResultsIn(string folder) => new(Path.Combine(folder, "results.jsonl"));

    /// <summary>Where in a study's folder the runs go that are timed.</summary>
    public static DirectoryInfo TimesIn(DirectoryInfo study) => new(Path.Combine(study.FullName, "times"));

    /// <summary>A seed at a time, so that a study that isn't finished has all methods.</summary>
    public static IReadOnlyList<RunKey> Grid(StudyData data, IEnumerable<Method> methods, IReadOnlyList<double> sparsities, int seeds, int epochs, int batch)
    {
        var chosen = methods.ToList();
        return
        [
            .. from seed in Enumerable.Range(1, seeds)
               from method in chosen
               from sparsity in method.IsSparse ? sparsities : [0]
               select new RunKey(data.Name, method.Name, sparsity, seed, epochs, batch, Chosen.For(method.Family, sparsity)),
        ];
    }

    /// <summary>The same with every setting that tuning tries.</summary>
    public static IReadOnlyList<RunKey> Tuning(StudyData data, IEnumerable<Method> methods, IReadOnlyList<double> sparsities, int seeds, int epochs, int batch)
        => [.. from run in Grid(data, methods, sparsities, seeds, epochs, batch) from settings in Chosen.Grid select run with { Settings = settings }];

    /// <summary>The folders, made where they are missing.</summary>
    public void CreateFolders()
    {
        foreach (var folder in new[] { Output.FullName, Claims, Path.GetDirectoryName(ModelFile(Runs[0]))!, Path.GetDirectoryName(CheckpointFile(Runs[0]))! })
        {
            Directory.CreateDirectory(folder);
        }
    }

    public string ModelFile(RunKey run) => Path.Combine(Output.FullName, "models", $"{run.Id}.safetensors");

    public string CheckpointFile(RunKey run) => Path.Combine(Output.FullName, "checkpoints", $"{run.Id}.checkpoint");

    public RunContext Context(RunKey run)
        => new(Architecture, Data.Train, run.Sparsity, run.Seed, (Data.Train.Count + run.Batch - 1) / run.Batch, run.Epochs);
}
