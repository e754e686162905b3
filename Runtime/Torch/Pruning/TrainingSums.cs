using KernelGen.Pruning;
using TorchSharp;
using static TorchSharp.torch;

namespace KernelGen.Torch;

/// <summary>
/// What the steps of training add up for criteria that need it: |g w| and -g w, g the gradient that a step went by, and w the weights at which
/// it was taken: those that the step before left.
/// </summary>
internal sealed class TrainingSums : IDisposable
{
    /// <summary>What is added up here.</summary>
    public const Evidence Kinds = Evidence.Sensitivity | Evidence.Movement;

    private readonly SparseModule _module;
    private readonly Sums?[] _sums;
    private readonly long _lastUse;
    private long _step;

    // Whether the steps before are in the sums, as far as there are any.
    private bool _isWhole;

    /// <param name="module">The module in training.</param>
    /// <param name="criteria">For each layer; null where it isn't pruned.</param>
    /// <param name="completedSteps">Steps done before.</param>
    /// <param name="lastUse">The last step whose masks are due: nothing is added after it.</param>
    public TrainingSums(SparseModule module, IReadOnlyList<ICriterion?> criteria, long completedSteps, long lastUse)
    {
        _module = module;
        _lastUse = lastUse;
        _step = completedSteps;
        _isWhole = completedSteps == 0;
        _sums = [.. criteria.Select((criterion, i) => ((criterion?.Needs ?? Evidence.None) & Kinds) != 0 ? new Sums(module.Layers[i].Weight) : null)];
    }

    /// <summary>A layer's sums: tensors of its weights' shape, which follow its mask.</summary>
    public IEnumerable<Tensor> Of(int layer) => _sums[layer] is { } sums ? [sums.Sensitivity, sums.Movement] : [];

    /// <summary>Adds a finished step, once.</summary>
    /// <exception cref="InvalidOperationException">A gradient is missing, or the sums of the steps before; nothing was added.</exception>
    public void Add(long step)
    {
        if (step <= _step || step > _lastUse)
        {
            return;
        }

        ThrowIfNotWhole();
        for (var i = 0; i < _sums.Length; i++)
        {
            using var gradient = _sums[i] is null ? null : _module.Layers[i].Weight.grad;
            if (_sums[i] is not null && gradient is null)
            {
                throw new InvalidOperationException(
                    $"Layer '{_module.Layers[i].Layer.Name}' has no gradient, and its criterion adds up gradient times weight: call Step after each optimizer.step(), and zero_grad after that.");
            }
        }

        using var withoutGradient = no_grad();
        using var scope = NewDisposeScope();
        for (var i = 0; i < _sums.Length; i++)
        {
            _sums[i]?.Add(_module.Layers[i].Weight.grad!);
        }

        _step = step;
    }

    /// <summary>Remembers the weights: the next gradient is taken at them. Not after the last step whose gradient matters.</summary>
    public void Remember()
    {
        if (_step >= _lastUse)
        {
            return;
        }

        using var withoutGradient = no_grad();
        for (var i = 0; i < _sums.Length; i++)
        {
            _sums[i]?.Weights.copy_(_module.Layers[i].Weight);
        }
    }

    /// <summary>Begins anew after so many steps, with the weights as they are.</summary>
    public void Clear(long completedSteps)
    {
        using var withoutGradient = no_grad();
        foreach (var sums in _sums.OfType<Sums>())
        {
            sums.Sensitivity.zero_();
            sums.Movement.zero_();
        }

        GoOn(completedSteps);
    }

    /// <summary>The evidence of a layer, with its sums.</summary>
    public LayerEvidence With(int layer, LayerEvidence evidence)
        => _sums[layer] is { } sums
            ? evidence with { Sensitivity = Dense(layer, sums.Sensitivity), Movement = Dense(layer, sums.Movement) }
            : evidence;

    /// <summary>Writes the sums of all layers, after so many steps.</summary>
    /// <exception cref="InvalidOperationException">The sums of the steps before are missing, and masks will still follow them.</exception>
    public void Save(BinaryWriter writer, long completedSteps)
    {
        if (completedSteps < _lastUse)
        {
            ThrowIfNotWhole();
        }

        writer.Write(Description);
        writer.Write(completedSteps);
        foreach (var tensor in Enumerable.Range(0, _sums.Length).SelectMany(Of))
        {
            using var own = tensor.cpu();
            writer.Write(own.bytes);
        }
    }

    /// <summary>Reads what was saved, of the same layers, masks and criteria.</summary>
    /// <exception cref="InvalidDataException">They differ, or the steps done; nothing was changed.</exception>
    public void Load(BinaryReader reader, long completedSteps)
    {
        var saved = reader.ReadString();
        if (saved != Description)
        {
            throw new InvalidDataException($"The sums over training steps are those of another pruning: {saved}, where this one has {Description}.");
        }

        if (reader.ReadInt64() is var then && then != completedSteps)
        {
            throw new InvalidDataException($"The sums over training steps were saved after step {then}, and the pruner goes on after step {completedSteps}: create it with the steps that Checkpoint.Load returned.");
        }

        foreach (var tensor in Enumerable.Range(0, _sums.Length).SelectMany(Of))
        {
            using var own = empty_like(tensor, device: CPU);
            reader.BaseStream.ReadExactly(own.bytes);
            tensor.copy_(own);
        }

        GoOn(completedSteps);
    }

    /// <summary>Frees the sums.</summary>
    public void Dispose()
    {
        foreach (var sums in _sums.OfType<Sums>())
        {
            sums.Dispose();
        }
    }

    private void GoOn(long completedSteps)
    {
        // A step that was added and whose masks then failed is to be added again.
        _step = completedSteps;
        _isWhole = true;
        Remember();
    }

    private void ThrowIfNotWhole()
    {
        if (!_isWhole && Array.FindIndex(_sums, static sums => sums is not null) is >= 0 and var first)
        {
            throw new InvalidOperationException(
                $"The criterion of layer '{_module.Layers[first].Layer.Name}' adds up the steps of training, and this pruner goes on after step {_step} without the sums of those before: call Checkpoint.LoadPruner, or ClearSums to begin anew.");
        }
    }

    private string Description => string.Join(
        "; ", _sums.Select((sums, i) => sums is null ? $"{_module.Layers[i].Layer.Name} none" : $"{_module.Layers[i].Layer.Name} {sums.Movement.dtype} [{string.Join(", ", sums.Movement.shape)}]"));

    private float[] Dense(int layer, Tensor sum)
        => _module.Layers[layer] is SparseLinear sparse ? sparse.ToDense(TensorData.Span(sum)) : TensorData.Floats(sum);

    private sealed class Sums(Tensor weights) : IDisposable
    {
        public Tensor Weights { get; } = weights.detach().clone().DetachFromDisposeScope();

        public Tensor Sensitivity { get; } = zeros_like(weights).detach().DetachFromDisposeScope();

        public Tensor Movement { get; } = zeros_like(weights).detach().DetachFromDisposeScope();

        public void Add(Tensor gradient)
        {
            var product = gradient * Weights;
            Movement.sub_(product);
            Sensitivity.add_(product.abs());
        }

        public void Dispose()
        {
            Weights.Dispose();
            Sensitivity.Dispose();
            Movement.Dispose();
        }
    }
}
