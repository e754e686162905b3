using TorchSharp.Modules;
using static TorchSharp.torch;

namespace KernelGen.Torch;

/// <summary>The part of an optimiser's memory that belongs to single weights.</summary>
internal static class OptimizerStates
{
    /// <summary>The optimiser, if its state is within reach.</summary>
    /// <exception cref="ArgumentException">It isn't.</exception>
    public static OptimizerHelper Helper(optim.Optimizer optimizer)
    {
        ArgumentNullException.ThrowIfNull(optimizer);
        return optimizer as OptimizerHelper
            ?? throw new ArgumentException($"The state of {optimizer.GetType().Name} is out of reach: use an optimiser that TorchSharp has in C#, or one of KernelGen.Torch.", nameof(optimizer));
    }

    /// <summary>
    /// The state's tensors of the parameter's shape that must be 0 where a weight is pruned; none for an optimiser that isn't
    /// TorchSharp's own. Rprop's step sizes are left out: they are learning rates, and a rate of 0 would freeze the weight (see <see cref="LayerMemory.Rates"/>).
    /// </summary>
    public static IEnumerable<Tensor> Tensors(OptimizerState state)
    {
        Tensor?[] tensors = state switch
        {
            SGD.State s => [s.momentum_buffer],
            Adam.State s => [s.exp_avg, s.exp_avg_sq, s.max_exp_avg_sq],
            AdamW.State s => [s.exp_avg, s.exp_avg_sq, s.max_exp_avg_sq],
            NAdam.State s => [s.exp_avg, s.exp_avg_sq],
            RAdam.State s => [s.exp_avg, s.exp_avg_sq],
            Adamax.State s => [s.exp_avg, s.exp_inf],
            RMSProp.State s => [s.square_avg, s.momentum_buffer, s.grad_avg],
            Adagrad.State s => [s.sum],
            Adadelta.State s => [s.square_avg, s.acc_delta],
            ASGD.State s => [s.ax],
            Rprop.State s => [s.prev],
            _ => [],
        };
        return tensors.OfType<Tensor>();
    }

    /// <summary>Those of them that say in which direction weights have moved.</summary>
    public static IEnumerable<Tensor> Momentum(OptimizerState state)
    {
        Tensor? tensor = state switch
        {
            SGD.State s => s.momentum_buffer,
            Adam.State s => s.exp_avg,
            AdamW.State s => s.exp_avg,
            NAdam.State s => s.exp_avg,
            RAdam.State s => s.exp_avg,
            Adamax.State s => s.exp_avg,
            RMSProp.State s => s.momentum_buffer,
            Rprop.State s => s.prev,
            _ => null,
        };
        return tensor is null ? [] : [tensor];
    }
}
