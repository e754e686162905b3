using System.CommandLine;
using KernelGen.Benchmarks.Crossover;

var crossover = new Command("crossover", "Sparse against dense kernels over the density, for each pattern and instruction set.");
crossover.SetAction(_ => CrossoverCommand.Run());
return new RootCommand("Measures KernelGen's kernels: one thread, warm, in turns, medians of ratios.") { crossover }.Parse(args).Invoke();
