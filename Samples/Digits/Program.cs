using System.CommandLine;
using System.Globalization;
using Digits.Data;
using Digits.Models;
using Digits.Reporting;
using Digits.Training;
using KernelGen;
using KernelGen.Measures;
using KernelGen.Torch;
using Spectre.Console;
using TorchSharp;

var dataOption = new Option<DirectoryInfo?>("--data") { Description = "A folder with IDX files (such as Fashion-MNIST) instead of the embedded digits." };
var seedsOption = new Option<int?>("--seeds") { Description = "Runs, each with its own seed (1 for digits, 3 with --data)." };
var epochsOption = new Option<int?>("--epochs") { Description = "Epochs of each run (40 for digits, 20 with --data)." };
var validationOption = new Option<bool>("--validation") { Description = "Measure on held-out training images, for choosing settings; the test images stay unseen." };
var outputOption = new Option<DirectoryInfo>("--output")
{
    Description = "Where the model and the picture go.",
    DefaultValueFactory = _ => new DirectoryInfo(Path.Combine("artifacts", "digits")),
};
foreach (var option in new[] { seedsOption, epochsOption })
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

var command = new RootCommand("Trains a dense and a pruned classifier, and runs both on the kernels that the build emitted.")
{
    dataOption, seedsOption, epochsOption, validationOption, outputOption,
};
command.SetAction(arguments =>
{
    var folder = arguments.GetValue(dataOption);
    var output = arguments.GetValue(outputOption)!;
    var seeds = arguments.GetValue(seedsOption);
    var epochs = arguments.GetValue(epochsOption);
    ImageSet Split(ImageSet data) => arguments.GetValue(validationOption) ? data.ForValidation() : data;
    return folder is null
        ? Run<DigitsDense, DigitsModel>(Split(EmbeddedDigits.Load()), seeds ?? 1, new TrainingOptions(epochs ?? 40, Batch: 64, LearningRate: 2e-3, Seed: 0), output)
        : Run<FashionDense, FashionModel>(Split(IdxFolder.Load(folder.FullName)), seeds ?? 3, new TrainingOptions(epochs ?? 20, Batch: 128, LearningRate: 3e-3, Seed: 0), output);
});
try
{
    return command.Parse(args).Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
}
catch (IOException exception)
{
    Console.Error.WriteLine(exception.Message);
    return 1;
}

static int Run<TDense, TSparse>(ImageSet data, int seeds, TrainingOptions options, DirectoryInfo output)
    where TDense : ISparseModel, new()
    where TSparse : ISparseModel, new()
{
    const double AgreedDifference = 1e-4;
    LibTorch.EnsureLoadable();
    // The layers are small: more threads would wait for each other more than they help.
    torch.set_num_threads(1);
    output.Create();
    var results = new List<SeedResult>();
    // No thread draws beside the training: a collection that another thread starts may take the scalars from under a running TorchSharp call.
    AnsiConsole.Progress().AutoRefresh(false).Start(progress =>
    {
        for (var seed = 1; seed <= seeds; seed++)
        {
            var tasks = new Dictionary<string, ProgressTask>
            {
                ["dense"] = progress.AddTask($"seed {seed}, dense", maxValue: options.Epochs),
                ["sparse"] = progress.AddTask($"seed {seed}, pruned", maxValue: options.Epochs),
            };
            var file = Path.Combine(output.FullName, $"model-{seed}.safetensors");
            var denseFile = Path.Combine(output.FullName, $"dense-{seed}.safetensors");
            results.Add(Experiment.Run<TDense, TSparse>(data, options with { Seed = seed }, file, denseFile, (run, epoch) =>
            {
                tasks[run].Value = epoch;
                progress.Refresh();
            }));
        }
    });

    var first = results[0];
    int[] batches = [1, 128];
    var timings = batches.Select(batch => BatchTiming.Measure(first, data.Test, batch)).ToList();
    ResultTable.Print(data, results, timings);
    var picture = Path.Combine(output.FullName, "history.png");
    HistoryPlot.Save(data.Name, first.Dense.Trained, first.Sparse.Trained, picture);
    var report = ModelReport.Of(first.Sparse.Model).WithQuality(
        (long)Math.Round(first.Sparse.Accuracy * data.Test.Count), data.Test.Count, classes: first.Sparse.Model.Layers[^1].OutFeatures);
    File.WriteAllText(Path.Combine(output.FullName, "report.json"), report.ToJson());
    // The plain console: the other wraps lines where it finds no terminal.
    Console.WriteLine($"\n{report}");
    AnsiConsole.WriteLine($"Model: {first.ModelFile}");
    AnsiConsole.WriteLine($"Picture: {picture}");

    // Of the pruned model, which is what gets deployed: a dense sum has ten times the terms, and as much more rounding.
    var difference = results.Max(result => result.Sparse.LogitDifference);
    if (difference <= AgreedDifference)
    {
        return 0;
    }

    Console.Error.WriteLine($"The emitted kernels differ from TorchSharp by {difference:0.0e+0}, more than {AgreedDifference:0.0e+0}.");
    return 1;
}
