using KernelGen.Torch;
using Study.Training;
using static TorchSharp.torch;

namespace Study.Methods;

/// <summary>A way to get a sparse model. The loop, the optimiser and the epochs are the same for all.</summary>
/// <param name="Name">In tables and files.</param>
/// <param name="Family">Methods that share what tuning chose.</param>
/// <param name="Module">Builds the module to train.</param>
/// <param name="TrainingFlops">Operations of training on one sample in one step, in the mean, where inactive weights cost nothing.</param>
internal sealed record Method(string Name, Family Family, Func<RunContext, SparseModule> Module, Func<RunContext, double> TrainingFlops)
{
    /// <summary>
    /// Begins a run with the new module and its optimiser, before a checkpoint is loaded; what it returns is called behind that, with the steps that are done.
    /// </summary>
    public Func<RunContext, SparseModule, optim.Optimizer, Func<long, Course>> Begin { get; init; } = (_, _, _) => _ => Course.None;

    /// <summary>The learning rate, as a share of the first, at some progress from 0 to 1: a cosine.</summary>
    public Func<double, double> Rate { get; init; } = progress => (1 + Math.Cos(Math.PI * progress)) / 2;

    /// <summary>Whether it takes a sparsity; dense training doesn't.</summary>
    public bool IsSparse => Family != Family.Dense;
}
