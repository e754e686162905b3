using TorchSharp.Modules;
using static TorchSharp.torch;

namespace KernelGen.Torch;

/// <summary>
/// TorchSharp's SGD, which updates 32-bit parameters on the processor in one pass over memory, and of a <see cref="SparseParameter"/> the active weights
/// alone. Groups, options, states and their files are TorchSharp's; other parameters run as there.
/// </summary>
/// <param name="parameters">Parameters to optimise.</param>
/// <param name="lr">Learning rate.</param>
/// <param name="momentum">Share of the direction that stays.</param>
/// <param name="dampening">Share of the gradient that doesn't join it.</param>
/// <param name="weight_decay">What part of a weight its gradient gets.</param>
/// <param name="nesterov">Whether to look ahead.</param>
/// <param name="maximize">Whether to go uphill.</param>
/// <exception cref="ArgumentException">An option lies outside its range.</exception>
#pragma warning disable CA1707 // Named as TorchSharp's.
public sealed class SparseSGD(
    IEnumerable<SGD.ParamGroup> parameters, double lr, double momentum = 0, double dampening = 0, double weight_decay = 0, bool nesterov = false,
    bool maximize = false)
    : SGD(parameters, lr, momentum, dampening, weight_decay, nesterov, maximize)
{
    /// <summary>An optimiser of one group.</summary>
    /// <inheritdoc cref="SparseSGD(IEnumerable{SGD.ParamGroup}, double, double, double, double, bool, bool)"/>
    public SparseSGD(
        IEnumerable<Parameter> parameters, double lr, double momentum = 0, double dampening = 0, double weight_decay = 0, bool nesterov = false,
        bool maximize = false)
        : this([new ParamGroup { Parameters = parameters }], lr, momentum, dampening, weight_decay, nesterov, maximize)
    {
    }
#pragma warning restore CA1707

    /// <inheritdoc/>
    public override void add_param_group(TorchSharp.Modules.ParamGroup param_group)
    {
        ArgumentNullException.ThrowIfNull(param_group);
        // A module finds its parameters anew each time that it is asked.
        param_group.Parameters = [.. param_group.Parameters];
        base.add_param_group(param_group);
    }

    /// <inheritdoc/>
    public override void zero_grad() => FusedParameters.Forget(parameters());

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The backward pass of a sparse layer failed; nothing was updated.</exception>
    public override Tensor? step(Func<Tensor>? closure = null)
    {
        FusedParameters.ThrowIfFailed(_parameter_groups);
        return _parameter_groups.All(FusedParameters.Cover) ? _step<ParamGroup>(Step, closure) : base.step(closure);
    }

    private void Step(ParamGroup group)
    {
        var options = group.Options;
        var momentum = options.momentum!.Value;
        foreach (var parameter in group.Parameters)
        {
            using var gradient = parameter.grad;
            if (gradient is not null)
            {
                var state = (State)_state[parameter.Handle];
                // The first direction is the first gradient, whatever the dampening.
                var isFirst = momentum == 0 || state.momentum_buffer is null;
                if (momentum != 0 && isFirst)
                {
                    state.momentum_buffer = zeros_like(parameter).detach().DetachFromDisposeScope();
                }

                var rule = new SgdRule(
                    options.maximize!.Value ? options.LearningRate!.Value : -options.LearningRate!.Value, momentum,
                    fresh: isFirst ? 1 : 1 - options.dampening!.Value, options.nesterov!.Value, options.weight_decay!.Value);
                FusedParameters.Update(parameter, gradient, rule, momentum == 0 ? null : state.momentum_buffer, null);
            }
        }
    }
}
