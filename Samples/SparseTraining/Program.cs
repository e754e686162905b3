using System.CommandLine;
using System.Globalization;
using Digits.Data;
using KernelGen;
using KernelGen.Torch;
using SparseTraining.Models;
using SparseTraining.Reporting;
using SparseTraining.Training;
using Spectre.Console;
using TorchSharp;

var dataOption = new Option<DirectoryInfo?>("--data") { Description = "A folder with IDX files (such as Fashion-MNIST) instead of the embedded digits." };
var epochsOption = new Option<int?>("--epochs") { Description = "Epochs of each run (40 for digits, 20 with --data)." };
var seedOption = new Option<int>("--seed") { Description = "Of weights, masks and the order of the data.", DefaultValueFactory = _ => 1 };
var resumeOption = new Option<bool>("--resume") { Description = "Go on where a run was stopped or killed." };
var outputOption = new Option<DirectoryInfo>("--output")
{
    Description = "Where checkpoints go.",
    DefaultValueFactory = _ => new DirectoryInfo(Path.Combine("artifacts", "sparse-training")),
};
epochsOption.Validators.Add(result =>
{
    // Text that is no number is the parser's own error.
    if (result.Tokens.Any(token => int.TryParse(token.Value, CultureInfo.InvariantCulture, out var number) && number < 1))
    {
        result.AddError($"{epochsOption.Name} takes a number from 1 on.");
    }
});

var command = new RootCommand("Trains a classifier dense, and sparse from the start: with masks that stay, and with masks that change.")
{
    dataOption, epochsOption, seedOption, resumeOption, outputOption,
};
command.SetAction(arguments =>
{
    var folder = arguments.GetValue(dataOption);
    var output = arguments.GetValue(outputOption)!;
    var (epochs, seed, resume) = (arguments.GetValue(epochsOption), arguments.GetValue(seedOption), arguments.GetValue(resumeOption));
    return folder is null
        ? Run<DigitsDense, DigitsSparse>(EmbeddedDigits.Load(), new TrainingOptions(epochs ?? 40, Batch: 64, LearningRate: 2e-3, Sparsity: 0.9, seed), output, resume)
        : Run<FashionDense, FashionSparse>(IdxFolder.Load(folder.FullName), new TrainingOptions(epochs ?? 20, Batch: 128, LearningRate: 3e-3, Sparsity: 0.9, seed), output, resume);
});
try
{
    return command.Parse(args).Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
}
catch (Exception exception) when (exception is IOException or InvalidDataException)
{
    Console.Error.WriteLine(exception.Message);
    return 1;
}

static int Run<TDense, TSparse>(ImageSet data, TrainingOptions options, DirectoryInfo output, bool resume)
    where TDense : ISparseModel
    where TSparse : ISparseModel, new()
{
    const int Stopped = 130;
    LibTorch.EnsureLoadable();
    // The layers are small: more threads would wait for each other more than they help.
    torch.set_num_threads(1);
    output.Create();
    using var stop = new CancellationTokenSource();
    Console.CancelKeyPress += (_, e) =>
    {
        // The run stops by itself, after the step that it is in.
        e.Cancel = true;
        stop.Cancel();
    };
    var results = new List<MethodResult>();
    // No thread draws beside the training: a collection that another thread starts may take the scalars from under a running TorchSharp call.
    AnsiConsole.Progress().AutoRefresh(false).Start(progress =>
    {
        foreach (var method in Method.All((data.Train.Count + options.Batch - 1) / options.Batch))
        {
            var task = progress.AddTask(method.Name, maxValue: options.Epochs);
            var checkpoint = Path.Combine(output.FullName, $"{data.Name}-{method.Name}-{options.Epochs}-{options.Seed}.checkpoint");
            if (!resume)
            {
                File.Delete(checkpoint);
            }

            var result = MethodRun.Train<TDense, TSparse>(method, data, options, checkpoint, epoch =>
            {
                task.Value = epoch;
                progress.Refresh();
            }, stop.Token);
            if (result is null)
            {
                return;
            }

            results.Add(result);
        }
    });

    if (stop.IsCancellationRequested)
    {
        AnsiConsole.WriteLine("Stopped. The same command with --resume goes on.");
        return Stopped;
    }

    ResultTable.Print(data, options, results);
    AnsiConsole.WriteLine($"Checkpoints: {output.FullName}");
    return 0;
}
