using KernelGen.Benchmarks.Timing;
using KernelGen.Benchmarks.Weights;
using KernelGen.Dispatch;
using KernelGen.Formats;

namespace KernelGen.Benchmarks.Planning;

/// <summary>One choice of the planner, beside what all candidates really take.</summary>
/// <param name="Layer">The layer.</param>
/// <param name="Density">The share of weights that are active.</param>
/// <param name="Candidates">The sparse kernels, then the dense one.</param>
internal sealed record PlanningCase(Linear Layer, double Density, IReadOnlyList<PlanningCandidate> Candidates)
{
    /// <summary>What the planner chooses.</summary>
    public required PlanningCandidate Chosen { get; init; }

    /// <summary>What is really the fastest.</summary>
    public PlanningCandidate Best => Candidates.MinBy(candidate => candidate.Seconds)!;

    /// <summary>How much longer the chosen kernel takes than the best: 0.1 is 10%.</summary>
    public double Loss => (Chosen.Seconds / Best.Seconds) - 1;

    /// <summary>Times all kernels of a regime in turns.</summary>
    public static PlanningCase Measure<TKernel>(
        Linear layer, double density, InstructionSet set, Func<LayerKernels, IReadOnlyList<TKernel>> regime, int rounds)
        where TKernel : Kernel
    {
        var weights = RandomWeights.Of(layer, density);
        var kernels = regime(layer.SparseKernels!).Concat(regime(layer.DenseKernels)).Where(kernel => kernel.InstructionSet == set).ToList();
        var trials = kernels.ConvertAll(
            kernel => new KernelTrial(kernel, Pack.Create(weights, new float[layer.OutFeatures], kernel.Format), layer.Descriptor));
        var seconds = RoundRobin.Measure(trials.ConvertAll(trial => (Action)trial.Run), rounds);
        double Cycles(TKernel kernel) => CostModel.Current.Cycles(kernel, weights, quick: false);
        var choice = KernelChoice.Of(layer.Descriptor, regime(layer.SparseKernels!), regime(layer.DenseKernels), set, Cycles, "estimated");
        var candidates = kernels.Select((kernel, i) => new PlanningCandidate(
            kernel.Name, PackWork.Of(weights, kernel.Format, quick: false), Cycles(kernel), RoundRobin.Median(seconds[i]))).ToList();
        return new PlanningCase(layer, weights.Density, candidates) { Chosen = candidates[kernels.IndexOf(choice.Kernel)] };
    }
}
