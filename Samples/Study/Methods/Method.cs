using KernelGen.Torch;
using Study.Training;
using static TorchSharp.torch;

namespace Study.Methods;

/// <summary>A way to get a sparse model. The loop, the optimiser and the epochs are the same for all.</summary>
/// <param name="Name">In tables and files.</param>
/// <param name="Family">Methods that share what tuning chose.</param>
/// <param name="Module">Builds the module to train.</param>
/// <param name="TrainingFlops">Operations of training on one sample in one step, in the mean, where inactive weights cost nothing.</param>
/// <param name="AfterStep">Prepares what to do after each optimiser step, given the steps that are done already; null for nothing.</param>
internal sealed record Method(
    string Name,
    Family Family,
    Func<RunContext, SparseModule> Module,
    Func<RunContext, double> TrainingFlops,
    Func<RunContext, SparseModule, optim.Optimizer, long, Action>? AfterStep = null)
{
    /// <summary>Whether it takes a sparsity; dense training doesn't.</summary>
    public bool IsSparse => Family != Family.Dense;
}

/// <summary>Methods that are tuned together.</summary>
internal enum Family
{
    /// <summary>No pruning.</summary>
    Dense,

    /// <summary>Dense at first, pruned in the course of training.</summary>
    Pruned,

    /// <summary>Sparse from the first step on.</summary>
    FromScratch,
}
