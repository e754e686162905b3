using TorchSharp.Modules;
using static TorchSharp.torch;

namespace KernelGen.Torch;

/// <summary>What an optimiser remembers of the weights of a module's layers; nothing, where it isn't TorchSharp's or derived from that.</summary>
internal sealed class OptimizerMemory
{
    private readonly OptimizerState?[] _states;

    // Of all parameters, biases too.
    private readonly List<OptimizerState> _all = [];

    // The learning rates that weights begin with.
    private readonly double[] _rates;

    /// <param name="module">The module.</param>
    /// <param name="optimizer">The optimiser, created from its parameters.</param>
    /// <exception cref="ArgumentException">The optimiser doesn't hold the weights of a layer that has a sparsity pattern.</exception>
    public OptimizerMemory(SparseModule module, optim.Optimizer optimizer)
    {
        _states = new OptimizerState?[module.Layers.Count];
        _rates = new double[_states.Length];
        if (optimizer is not OptimizerHelper helper)
        {
            return;
        }

        var parameters = helper.parameters().Select(parameter => parameter.Handle).ToList();
        var groups = helper.ParamGroups.Cast<ParamGroup>().SelectMany(group => group.Parameters.Select(_ => group)).ToList();
        _all = helper.state_dict().State;
        for (var i = 0; i < _states.Length; i++)
        {
            var layer = module.Layers[i];
            var index = parameters.IndexOf(layer.Weight.Handle);
            if (index >= 0)
            {
                _states[i] = _all[index];
                _rates[i] = groups[index].InitialLearningRate;
            }
            else if (layer.HasPattern)
            {
                throw new ArgumentException(
                    $"The optimiser doesn't hold {layer.Layer.Name}.{(layer is SparseLinear ? "values" : "weight")}: create it from the module's parameters(), " +
                    "after the module has moved to its device and type.",
                    nameof(optimizer));
            }
        }
    }

    /// <summary>What is remembered of a layer's weights.</summary>
    public LayerMemory Of(int layer) => new(_states[layer], _rates[layer]);

    /// <summary>Forgets the directions in which all parameters have moved, biases too; not how far they move.</summary>
    public void ForgetMomentum()
    {
        using var withoutGradient = no_grad();
        foreach (var tensor in _all.SelectMany(OptimizerStates.Momentum))
        {
            tensor.zero_();
        }
    }
}
