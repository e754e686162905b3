using System.CommandLine;
using KernelGen.Benchmarks.FormatSizes;
using KernelGen.Benchmarks.GeneratorCost;
using KernelGen.Benchmarks.Gpu;
using KernelGen.Benchmarks.Kernels;
using KernelGen.Benchmarks.PackSpeed;
using KernelGen.Benchmarks.Permutations;
using KernelGen.Benchmarks.Planning;
using KernelGen.Benchmarks.Reporting;
using KernelGen.Benchmarks.Threading;
using KernelGen.Benchmarks.TrainingSteps;
using KernelGen.Benchmarks.WholeModels;

var filter = new Option<string[]>("--filter")
{
    Description = "Runs the cases whose names hold all of these words, such as: SpMM unstructured 90% 512x512",
    AllowMultipleArgumentsPerToken = true,
    DefaultValueFactory = _ => [],
};
var json = new Option<FileInfo?>("--json") { Description = "A file for the results, written after every case." };
var resume = new Option<bool>("--resume") { Description = "Keeps what the file of --json holds, and skips those cases." };
var rounds = Rounds("Turns of each contestant.", 21);
var kernels = new Command("kernels", "The emitted kernels through their public path, beside other libraries, checked against the oracle.")
{
    filter, json, resume, rounds,
};
kernels.Validators.Add(result =>
{
    if (result.GetValue(resume) && result.GetValue(json) is null)
    {
        result.AddError("--resume takes the results from the file of --json, which is missing.");
    }
});
kernels.SetAction(arguments => Guarded(() => KernelsCommand.Run(
    arguments.GetValue(filter)!, arguments.GetValue(json), arguments.GetValue(resume), arguments.GetValue(rounds))));
var planningRounds = Rounds("Turns of each contestant.", 11);
var csv = new Option<FileInfo?>("--csv") { Description = "Also write every candidate's work, estimate and time to this file." };
var planning = new Command("planning", "What the planner chooses, beside what would have been the best, for each pattern and instruction set.") { planningRounds, csv };
planning.SetAction(arguments => Guarded(() => { PlanningCommand.Run(arguments.GetValue(planningRounds), arguments.GetValue(csv)); return 0; }));
var packing = new Command("packing", "What setting weights takes, in passes over the dense ones.") { planningRounds };
packing.SetAction(arguments => Guarded(() => { PackingCommand.Run(arguments.GetValue(planningRounds)); return 0; }));
var threads = new Command("threads", "What a call of Forward gains from more threads, beside what the scaling model predicts.") { planningRounds };
threads.SetAction(arguments => Guarded(() => { ThreadsCommand.Run(arguments.GetValue(planningRounds)); return 0; }));
var measured = new Option<FileInfo>("--json") { Description = "What \"kernels --json\" wrote.", Required = true }.AcceptExistingOnly();
var documents = new Option<DirectoryInfo>("--output")
{
    Description = "The folder of benchmarks.md; the plots go into its images.",
    DefaultValueFactory = _ => new DirectoryInfo("docs"),
};
var report = new Command("report", "Tables and plots of the documents, from the results of a run.") { measured, documents };
report.SetAction(arguments => Guarded(() => { ReportCommand.Run(arguments.GetValue(measured)!, arguments.GetValue(documents)!); return 0; }));
var tables = new Option<DirectoryInfo?>("--output") { Description = "The folder of formats.md, whose tables are replaced; prints them without it." };
var formats = new Command("formats", "Bytes a nonzero of every format, on disk and in memory, against the entropy bound.") { tables };
formats.SetAction(arguments => Guarded(() => { FormatsCommand.Run(arguments.GetValue(tables)); return 0; }));
var wholeJson = new Option<FileInfo?>("--json") { Description = "A file for the results." };
var whole = new Command("model", "A whole pruned model beside ONNX Runtime and TorchSharp, checked against the oracle.") { rounds, wholeJson };
whole.SetAction(arguments => Guarded(() => { ModelCommand.Run(arguments.GetValue(rounds), arguments.GetValue(wholeJson)); return 0; }));
var buildRounds = Rounds("Builds with and without the generator.", 7);
var generator = new Command("generator", "What the generator costs: whole builds, an edit elsewhere, the size of the emitted text.") { buildRounds };
generator.SetAction(arguments => Guarded(() => { GeneratorCommand.Run(arguments.GetValue(buildRounds)); return 0; }));
var batch = new Option<int>("--batch") { Description = "Samples.", DefaultValueFactory = _ => 128 };
batch.Validators.Add(result =>
{
    if (result.GetValueOrDefault<int>() < 1)
    {
        result.AddError("--batch takes a number from 1 on.");
    }
});
var training = new Command("training", "Whole training steps beside dense ones, and their products beside oneDNN's, with results checked.") { planningRounds, batch, filter };
training.SetAction(arguments => Guarded(() => TrainingCommand.Run(arguments.GetValue(planningRounds), arguments.GetValue(batch), arguments.GetValue(filter)!)));
var batches = new Option<int[]>("--batches") { Description = "Samples.", AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => [32, 256, 1024] };
var large = new Option<bool>("--large") { Description = "Layers of 4096 x 4096, too." };
var gpu = new Command("gpu", "The emitted GPU kernels beside a plain dense one, on the device that KERNELGEN_DEVICE names or the best GPU.") { planningRounds, batches, large, filter };
gpu.SetAction(arguments => Guarded(() => { GpuCommand.Run(arguments.GetValue(planningRounds), arguments.GetValue(batches)!, arguments.GetValue(large), arguments.GetValue(filter)!); return 0; }));
var trained = new Option<FileInfo?>("--weights") { Description = "A safetensors file with dense weights [out, in]; normal random ones without it." };
var escapes = new Option<int>("--escapes") { Description = "Attempts to escape from a local optimum.", DefaultValueFactory = _ => 20 };
var permutation = new Command("permutation", "How much magnitude N:M pruning keeps with its inputs in their own and in the best order found.") { trained, escapes };
permutation.SetAction(arguments => Guarded(() => { PermutationCommand.Run(arguments.GetValue(trained), arguments.GetValue(escapes)); return 0; }));
return new RootCommand("Measures KernelGen's kernels: one thread, warm, in turns, medians of ratios.") { kernels, whole, generator, report, formats, planning, packing, threads, training, gpu, permutation }.Parse(args).Invoke();

static Option<int> Rounds(string description, int count)
{
    var option = new Option<int>("--rounds") { Description = description, DefaultValueFactory = _ => count };
    option.Validators.Add(result =>
    {
        if (result.GetValueOrDefault<int>() < 1)
        {
            result.AddError("--rounds takes a number from 1 on.");
        }
    });
    return option;
}

// A file that is missing or holds something else, a variable that says what there isn't: the message says which, and a stack trace would hide it.
static int Guarded(Func<int> command)
{
    try
    {
        return command();
    }
    catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException or ArgumentException or PlatformNotSupportedException)
    {
        Console.Error.WriteLine(e.Message);
        return 1;
    }
}
