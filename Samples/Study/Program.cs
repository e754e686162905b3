using System.CommandLine;
using System.Globalization;
using Digits.Data;
using KernelGen.Torch;
using SparseTraining.Models;
using Study.Data;
using Study.Methods;
using Study.Reporting;
using Study.Running;
using Study.Training;
using TorchSharp;

var dataOption = new Option<DirectoryInfo?>("--data") { Description = "A folder with IDX files (such as Fashion-MNIST) instead of the embedded digits.", Recursive = true };
var quickOption = new Option<bool>("--quick") { Description = "A small study of the embedded digits, in less than a minute." };
var tuneOption = new Option<bool>("--tune") { Description = "Tries settings on the validation images; the test images stay unseen." };
var timesOption = new Option<bool>("--times") { Description = "Trains each method for 3 epochs, one after the other, for the report's steps and memory; let nothing run beside it." };
var processesOption = new Option<int>("--processes") { Description = "Processes that share the runs, one thread each.", DefaultValueFactory = _ => 1 };
var methodsOption = new Option<string[]>("--methods") { Description = "Methods by name; all unless given, with --tune those that stand for their families.", AllowMultipleArgumentsPerToken = true };
var sparsitiesOption = new Option<double[]>("--sparsities") { Description = "Fractions of zeros (0.8 0.9 0.95 0.98 0.99; --quick 0.8 0.9, --tune 0.9 0.95 0.98).", AllowMultipleArgumentsPerToken = true };
var seedsOption = new Option<int?>("--seeds") { Description = "Runs of each method and sparsity, each with its own seed (3; --quick and --tune 1)." };
var epochsOption = new Option<int?>("--epochs") { Description = "Epochs of each run (30; --quick 12)." };
var limitOption = new Option<int?>("--runs") { Description = "Stops after so many runs; the same command goes on." };
var workerOption = new Option<bool>(WorkerProcesses.Option) { Hidden = true };
var outputOption = new Option<DirectoryInfo>("--output")
{
    Description = "Where results, models and the report go; runs that are finished there aren't repeated.",
    DefaultValueFactory = _ => new DirectoryInfo(Path.Combine("artifacts", "study")),
    Recursive = true,
};
foreach (var option in new Option[] { seedsOption, epochsOption, processesOption, limitOption })
{
    option.Validators.Add(result =>
    {
        // Text that is no number is the parser's own error.
        if (result.Tokens.Any(token => int.TryParse(token.Value, CultureInfo.InvariantCulture, out var number) && number < 1))
        {
            result.AddError($"{option.Name} takes a number from 1 on.");
        }
    });
}

sparsitiesOption.Validators.Add(result =>
{
    if (result.Tokens.Any(token => double.TryParse(token.Value, CultureInfo.InvariantCulture, out var number) && number is not (> 0 and < 1)))
    {
        result.AddError($"{sparsitiesOption.Name} takes fractions above 0 and below 1.");
    }
});

var command = new RootCommand("Compares ways to get a sparse model: methods x sparsities x seeds, at equal epochs, tuned by families of methods.")
{
    dataOption, quickOption, tuneOption, timesOption, processesOption, methodsOption, sparsitiesOption, seedsOption, epochsOption, limitOption, workerOption, outputOption,
};
command.Validators.Add(result =>
{
    if (result.GetValue(timesOption) && (result.GetValue(tuneOption) || result.GetValue(processesOption) > 1))
    {
        result.AddError("--times takes the study's own settings, and one process: runs beside each other slow each other down.");
    }
});
var report = new Command("report", "Writes report.md and its pictures from the results that are there.");
command.Subcommands.Add(report);
report.SetAction(arguments =>
{
    Console.WriteLine(ReportFile.Write(arguments.GetValue(outputOption)!));
    return 0;
});
command.SetAction(arguments =>
{
    var quick = arguments.GetValue(quickOption);
    var tune = arguments.GetValue(tuneOption);
    var folder = quick ? null : arguments.GetValue(dataOption);
    var all = StudyData.Of(folder is null ? EmbeddedDigits.Load() : IdxFolder.Load(folder.FullName));
    var data = tune ? all.ForTuning() : all;
    Architecture architecture = folder is null ? new Architecture<DigitsDense, DigitsSparse>() : new Architecture<FashionDense, FashionSparse>();
    var methods = arguments.GetValue(methodsOption) is { Length: > 0 } names ? names.Select(MethodTable.Find).ToList() : tune ? [.. Chosen.Methods.Select(MethodTable.Find)] : MethodTable.All;
    var sparsities = arguments.GetValue(sparsitiesOption) is { Length: > 0 } given ? given : tune ? [.. Chosen.Sparsities] : quick ? [0.8, 0.9] : [0.8, 0.9, 0.95, 0.98, 0.99];
    var times = arguments.GetValue(timesOption);
    var seeds = times ? 1 : arguments.GetValue(seedsOption) ?? (quick || tune ? 1 : 3);
    var epochs = arguments.GetValue(epochsOption) ?? (quick ? 12 : 30);
    var batch = folder is null ? 64 : 128;
    // Runs that are not of one study never share results, which a report takes for seeds of the same.
    var study = new DirectoryInfo(Path.Combine(arguments.GetValue(outputOption)!.FullName, $"{data.Name}-{epochs}-epochs{(tune ? "-tuning" : "")}"));
    var plan = new StudyPlan(
        data,
        architecture,
        tune ? StudyPlan.Tuning(data, methods, sparsities, seeds, epochs, batch) : StudyPlan.Grid(data, methods, sparsities, seeds, times ? 3 : epochs, batch),
        times ? StudyPlan.TimesIn(study) : study,
        study);
    plan.CreateFolders();
    return StudyRunner.Run(plan, arguments.GetValue(processesOption), arguments.GetValue(limitOption) ?? int.MaxValue, arguments.GetValue(workerOption), args);
});
try
{
    return command.Parse(args).Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
}
catch (Exception exception) when (exception is IOException or InvalidDataException or ArgumentException)
{
    Console.Error.WriteLine(exception.Message);
    return 1;
}
