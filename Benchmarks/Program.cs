using System.CommandLine;
using KernelGen.Benchmarks.Kernels;
using KernelGen.Benchmarks.Packing;
using KernelGen.Benchmarks.Planning;

var filter = new Option<string[]>("--filter")
{
    Description = "Runs the cases whose names hold all of these words, such as: SpMM unstructured 90% 512x512",
    AllowMultipleArgumentsPerToken = true,
    DefaultValueFactory = _ => [],
};
var json = new Option<FileInfo?>("--json") { Description = "A file for the results." };
var rounds = new Option<int>("--rounds") { Description = "Turns of each contestant.", DefaultValueFactory = _ => 21 };
rounds.Validators.Add(result =>
{
    if (result.GetValueOrDefault<int>() < 1)
    {
        result.AddError("--rounds takes a number from 1 on.");
    }
});
var kernels = new Command("kernels", "The emitted kernels through their public path, beside other libraries, checked against the oracle.")
{
    filter, json, rounds,
};
kernels.SetAction(arguments => KernelsCommand.Run(arguments.GetValue(filter)!, arguments.GetValue(json), arguments.GetValue(rounds)));
var planningRounds = new Option<int>("--rounds") { Description = "Turns of each contestant.", DefaultValueFactory = _ => 11 };
var csv = new Option<FileInfo?>("--csv") { Description = "Also write every candidate's work, estimate and time to this file." };
var planning = new Command("planning", "What the planner chooses, beside what would have been the best, for each pattern and instruction set.") { planningRounds, csv };
planning.SetAction(arguments => PlanningCommand.Run(arguments.GetValue(planningRounds), arguments.GetValue(csv)));
var packing = new Command("packing", "What setting weights takes, in passes over the dense ones.") { planningRounds };
packing.SetAction(arguments => PackingCommand.Run(arguments.GetValue(planningRounds)));
return new RootCommand("Measures KernelGen's kernels: one thread, warm, in turns, medians of ratios.") { kernels, planning, packing }.Parse(args).Invoke();
