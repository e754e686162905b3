using KernelGen.Formats;
using KernelGen.Pruning;
using static TorchSharp.torch;

namespace KernelGen.Torch;

/// <summary>
/// Trains a module sparse and dense in turn (AC/DC): two lines in an ordinary loop, the constructor before it and <see cref="Step"/> after each
/// <c>optimizer.step()</c>. Where a sparse phase begins, the largest weights get the masks; where a dense one does, pruned weights begin at 0, and the
/// optimiser forgets its momentum.
/// </summary>
public sealed class Alternator
{
    private readonly OptimizerMemory _memory;
    private readonly IBudget? _budget;
    private readonly bool[] _alternates;

    /// <summary>Prepares to alternate.</summary>
    /// <param name="module">The module in training; in <see cref="TrainingMode.Sparse"/>, created without masks, so that it has room for all weights.</param>
    /// <param name="optimizer">The optimiser, created from the module's parameters.</param>
    /// <param name="alternation">When it is sparse.</param>
    /// <param name="totalSteps">Optimiser steps in the whole run, at least 1.</param>
    /// <param name="completedSteps">Steps done before, where training resumes.</param>
    /// <param name="budget">Spreads the sparsity over the layers; without one, the budget that the model declares, or the layers' own sparsities.</param>
    /// <exception cref="ArgumentException">
    /// The phases make no run, the optimiser doesn't hold the weights of a layer that has a sparsity pattern, or such a layer has no room for all weights.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">A number of steps is out of range.</exception>
    public Alternator(
        SparseModule module, optim.Optimizer optimizer, Alternation alternation, long totalSteps, long completedSteps = 0, IBudget? budget = null)
        : this(module, optimizer, alternation, totalSteps, completedSteps, budget, static _ => true)
    {
    }

    /// <summary>
    /// Prepares to alternate as the model's <see cref="GrowAttribute"/> declare (<see cref="Growth.AcDc"/>): the phases of <see cref="Pruning.Alternation"/>, with
    /// the sparsity that the model declares. Layers for which nothing is declared keep their masks.
    /// </summary>
    /// <param name="module">The module in training; in <see cref="TrainingMode.Sparse"/>, created without masks in layers that alternate.</param>
    /// <param name="optimizer">The optimiser, created from the module's parameters.</param>
    /// <param name="totalSteps">Optimiser steps in the whole run, at least 20, so that a phase has one.</param>
    /// <param name="completedSteps">Steps done before, where training resumes.</param>
    /// <exception cref="ArgumentException">
    /// The model declares no growth, or one that isn't followed here; the phases make no run; the optimiser doesn't hold the weights of a layer that has a
    /// sparsity pattern; or a layer that alternates has no room for all weights.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">A number of steps is out of range.</exception>
    public Alternator(SparseModule module, optim.Optimizer optimizer, long totalSteps, long completedSteps = 0)
        : this(module, optimizer, new Alternation(), totalSteps, completedSteps, budget: null, Declared(module))
    {
    }

    private Alternator(
        SparseModule module,
        optim.Optimizer optimizer,
        Alternation alternation,
        long totalSteps,
        long completedSteps,
        IBudget? budget,
        Func<LayerDescriptor, bool> alternates)
    {
        ArgumentNullException.ThrowIfNull(module);
        module.ThrowIfReparametrised();
        ArgumentNullException.ThrowIfNull(optimizer);
        ArgumentNullException.ThrowIfNull(alternation);
        ArgumentOutOfRangeException.ThrowIfLessThan(totalSteps, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(completedSteps);
        _alternates = [.. module.Layers.Select(layer => layer.HasPattern && alternates(layer.Layer))];
        if (module.Layers.Zip(_alternates).FirstOrDefault(pair => pair.Second && pair.First.Room < pair.First.Layer.WeightCount).First is { } small)
        {
            throw new ArgumentException(
                $"Layer '{small.Layer.Name}' has room for {small.Room} of its {small.Layer.WeightCount} weights, and dense phases need all: create the module without masks.", nameof(module));
        }

        Module = module;
        Alternation = alternation;
        TotalSteps = totalSteps;
        CompletedSteps = completedSteps;
        _memory = new OptimizerMemory(module, optimizer);
        _budget = budget;
        IsSparse = completedSteps > 0 && alternation.IsSparse(completedSteps, totalSteps);
        Follow(completedSteps);
    }

    /// <summary>The module in training.</summary>
    public SparseModule Module { get; }

    /// <summary>When it is sparse.</summary>
    public Alternation Alternation { get; }

    /// <summary>Optimiser steps in the whole run.</summary>
    public long TotalSteps { get; }

    /// <summary>Optimiser steps done.</summary>
    public long CompletedSteps { get; private set; }

    /// <summary>Whether the next step is sparse.</summary>
    public bool IsSparse { get; private set; }

    /// <summary>Whether the last <see cref="Step"/> (or the constructor, before the first) began a phase of the other kind.</summary>
    public bool Updated { get; private set; }

    /// <summary>Counts an optimiser step, and begins a phase where one is due.</summary>
    /// <exception cref="ArgumentException">A weight is NaN where the masks are due: the run has diverged. Nothing was changed.</exception>
    public void Step()
    {
        Follow(CompletedSteps + 1);
        CompletedSteps++;
    }

    private static Func<LayerDescriptor, bool> Declared(SparseModule module)
    {
        ArgumentNullException.ThrowIfNull(module);
        return GrowthFollower.Alternator.Declared(module.Model).ContainsKey;
    }

    private void Follow(long step)
    {
        var sparse = Alternation.IsSparse(step, TotalSteps);
        Updated = sparse != IsSparse;
        if (Updated)
        {
            Use(sparse ? LargestWeights() : [.. Module.Layers.Select(layer => SparseMatrix.FromFull(layer.Layer.OutFeatures, layer.Layer.InFeatures, []))]);
            IsSparse = sparse;
            if (!sparse)
            {
                _memory.ForgetMomentum();
            }
        }

        foreach (var (i, layer) in Module.Layers.Index())
        {
            layer.ForgetPruned(_memory.Of(i));
        }
    }

    private SparseMatrix[] LargestWeights()
    {
        var weights = Module.Layers.Select(layer => new ReadOnlyMemory<float>(layer.ReadWeights())).ToArray();
        var masks = ModelPruner.PruneNow(Module.Model, weights, new MagnitudeCriterion(), _budget);
        return [.. masks.Zip(Module.Layers, (mask, layer) => SparseMatrix.FromMask(mask, layer.Layer.OutFeatures, layer.Layer.InFeatures))];
    }

    private void Use(SparseMatrix[] masks)
    {
        foreach (var (i, layer) in Module.Layers.Index().Where(layer => _alternates[layer.Index]))
        {
            // They stay for a phase.
            layer.ChangeMask(masks[i], _memory.Of(i), Packing.Thorough);
        }
    }
}
