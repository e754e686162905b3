using KernelGen.Formats;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace KernelGen.Torch;

/// <summary>
/// Group lasso (Yuan and Lin 2006) by proximal steps: after each <c>optimizer.step()</c>, <see cref="Step"/> shrinks every group G of weights to
/// w_G max(0, 1 - strength * rate * sqrt|G| / ||w_G||), where rate is the optimiser's learning rate and |G| counts active weights. Groups become 0
/// as wholes; <see cref="Prune"/> takes those out of the masks.
/// </summary>
public sealed class GroupLasso
{
    private readonly OptimizerHelper _optimizer;
    private readonly OptimizerMemory _memory;
    private readonly (int Index, TrainedLayer Layer, WeightUnits Units)[] _layers;

    /// <summary>Prepares for the layers of a module that have a sparsity pattern.</summary>
    /// <param name="module">The module in training, in any mode.</param>
    /// <param name="optimizer">What updates its parameters.</param>
    /// <param name="strength">Strength, not negative.</param>
    /// <param name="unit">Which weights are a group.</param>
    /// <exception cref="ArgumentException">The optimiser doesn't hold the layers' weights.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="strength"/> is negative.</exception>
    public GroupLasso(SparseModule module, optim.Optimizer optimizer, double strength, PruningUnit unit)
    {
        ArgumentNullException.ThrowIfNull(module);
        Strength = strength;
        _optimizer = optimizer as OptimizerHelper
            ?? throw new ArgumentException("The learning rates of this optimiser are out of reach: use one that TorchSharp has in C#, or one of KernelGen.Torch.", nameof(optimizer));
        _memory = new OptimizerMemory(module, optimizer);
        _layers = [.. module.Layers.Index().Where(layer => layer.Item.HasPattern).Select(layer => (layer.Index, layer.Item, new WeightUnits(layer.Item.Layer, unit)))];
        Module = module;
    }

    /// <summary>The module in training.</summary>
    public SparseModule Module { get; }

    /// <summary>The strength, not negative; it may change while a module trains.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative, or no number.</exception>
    public double Strength
    {
        get;
        set => field = value >= 0 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "A strength below 0 would let groups grow.");
    }

    /// <summary>Shrinks every group.</summary>
    public void Step()
    {
        var rates = _optimizer.ParamGroups.Cast<ParamGroup>()
            .SelectMany(group => group.Parameters.Select(parameter => (parameter.Handle, group.LearningRate))).ToDictionary(pair => pair.Handle, pair => pair.LearningRate);
        foreach (var (_, layer, units) in _layers)
        {
            layer.ShrinkGroups(units, Strength * rates[layer.Weight.Handle]);
        }
    }

    /// <summary>Prunes the groups that are 0.</summary>
    /// <exception cref="InvalidOperationException">A layer would be empty; nothing was changed.</exception>
    public void Prune()
    {
        var masks = _layers.Select(layer => Left(layer.Layer, layer.Units)).ToArray();
        for (var i = 0; i < masks.Length; i++)
        {
            _layers[i].Layer.ChangeMask(masks[i], _memory.Of(_layers[i].Index));
        }
    }

    private static SparseMatrix Left(TrainedLayer layer, WeightUnits units)
    {
        var (weights, mask, columns) = (layer.ReadWeights(), layer.ReadMask(), layer.Layer.InFeatures);
        var isLeft = new bool[units.Count];
        for (var i = 0; i < mask.Length; i++)
        {
            isLeft[units.Of(i / columns, i % columns)] |= mask[i] && weights[i] != 0;
        }

        if (!isLeft.Contains(true))
        {
            throw new InvalidOperationException($"Layer '{layer.Layer.Name}': all its groups are 0, and it would be empty. Train with less than this strength.");
        }

        return SparseMatrix.FromMask([.. mask.Select((active, i) => active && isLeft[units.Of(i / columns, i % columns)])], layer.Layer.OutFeatures, columns);
    }
}
