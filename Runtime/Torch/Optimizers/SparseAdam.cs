using TorchSharp.Modules;
using static TorchSharp.torch;

namespace KernelGen.Torch;

/// <summary>
/// TorchSharp's Adam, which updates 32-bit parameters on the processor in one pass over memory, and of a <see cref="SparseParameter"/> the active weights
/// alone. Groups, options, states and their files are TorchSharp's; other parameters, and AMSGrad, run as there.
/// </summary>
/// <param name="parameters">Parameters to optimise.</param>
/// <param name="lr">Learning rate.</param>
/// <param name="beta1">Share of the mean of gradients that stays.</param>
/// <param name="beta2">Share of the mean of their squares that stays.</param>
/// <param name="eps">What is added to the root of that.</param>
/// <param name="weight_decay">What part of a weight its gradient gets.</param>
/// <param name="amsgrad">Whether to use AMSGrad.</param>
/// <param name="maximize">Whether to go uphill.</param>
/// <exception cref="ArgumentException">An option lies outside its range.</exception>
#pragma warning disable CA1707 // Named as TorchSharp's.
public sealed class SparseAdam(
    IEnumerable<Adam.ParamGroup> parameters, double lr = 1e-3, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-8, double weight_decay = 0,
    bool amsgrad = false, bool maximize = false)
    : Adam(parameters, lr, beta1, beta2, eps, weight_decay, amsgrad, maximize)
{
    /// <summary>An optimiser of one group.</summary>
    /// <inheritdoc cref="SparseAdam(IEnumerable{Adam.ParamGroup}, double, double, double, double, double, bool, bool)"/>
    public SparseAdam(
        IEnumerable<Parameter> parameters, double lr = 1e-3, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-8, double weight_decay = 0,
        bool amsgrad = false, bool maximize = false)
        : this([new ParamGroup { Parameters = parameters }], lr, beta1, beta2, eps, weight_decay, amsgrad, maximize)
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
        return _parameter_groups.All(group => FusedParameters.Cover(group) && !((Options)group.Options).amsgrad!.Value)
            ? _step<ParamGroup>(Step, closure)
            : base.step(closure);
    }

    private void Step(ParamGroup group)
    {
        var options = group.Options;
        foreach (var parameter in group.Parameters)
        {
            using var gradient = parameter.grad;
            if (gradient is not null)
            {
                var state = (State)_state[parameter.Handle];
                state.step++;
                var rule = new AdamRule(
                    options.beta1!.Value, options.beta2!.Value, options.eps!.Value, options.LearningRate!.Value, state.step,
                    penalty: options.weight_decay!.Value, kept: 1, options.maximize!.Value);
                FusedParameters.Update(parameter, gradient, rule, state.exp_avg, state.exp_avg_sq);
            }
        }
    }
}
