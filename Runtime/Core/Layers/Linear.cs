using System.ComponentModel;
using KernelGen.Dispatch;
using KernelGen.Formats;
using KernelGen.Masks;

namespace KernelGen;

/// <summary>
/// A fully connected layer: y = activation(W x + b), W row-major [OutFeatures, InFeatures]. All members may be called from several
/// threads: weights are replaced in one step.
/// </summary>
public sealed class Linear
{
    private readonly LayerKernels? _sparse;
    private readonly LayerKernels _dense;
    private volatile LayerState? _state;
    private Packing _packing = Packing.Thorough;

    /// <summary>Creates a layer without weights; called by emitted code.</summary>
    /// <param name="descriptor">The layer as declared.</param>
    /// <param name="sparse">Kernels for the declared pattern; null for a dense layer.</param>
    /// <param name="dense">Kernels for the dense layer of the same shape: the fallback.</param>
    /// <param name="training">Kernels of gradients; null where the model isn't marked for training.</param>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public Linear(LayerDescriptor descriptor, LayerKernels? sparse, LayerKernels dense, TrainingKernels? training = null)
    {
        ArgumentNullException.ThrowIfNull(descriptor);
        ArgumentNullException.ThrowIfNull(dense);
        Descriptor = descriptor;
        _sparse = sparse;
        _dense = dense;
        TrainingKernels = training;
    }

    /// <summary>The layer as declared.</summary>
    public LayerDescriptor Descriptor { get; }

    /// <summary>The property's name.</summary>
    public string Name => Descriptor.Name;

    /// <summary>Inputs.</summary>
    public int InFeatures => Descriptor.InFeatures;

    /// <summary>Outputs.</summary>
    public int OutFeatures => Descriptor.OutFeatures;

    /// <summary>How the weights that are set or loaded from now on are packed.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is none of the enum's.</exception>
    public Packing Packing
    {
        get => _packing;
        set => _packing = Enum.IsDefined(value)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, $"Layer '{Name}' packs Thorough, Quick or Measured.");
    }

    /// <summary>Whether the layer has weights, so that it can run.</summary>
    public bool HasWeights => _state is not null;

    /// <summary>
    /// Which kernels run on the current instruction set, and why. Reading it packs the weights for both regimes, if that hasn't
    /// happened yet.
    /// </summary>
    /// <exception cref="InvalidOperationException">The layer has no weights yet.</exception>
    public LayerPlan Plan
    {
        get
        {
            var state = RequireState();
            var set = Isa.Current;
            return new LayerPlan(
                Name, set, state.Weights.Nonzeros, Descriptor.WeightCount, state.Vector(set).Plan, state.Panel(set).Plan);
        }
    }

    /// <summary>Kernels for the declared pattern; null for a dense layer.</summary>
    internal LayerKernels? SparseKernels => _sparse;

    /// <summary>Kernels for the dense layer of the same shape.</summary>
    internal LayerKernels DenseKernels => _dense;

    /// <summary>Kernels of gradients; null where the model isn't marked for training.</summary>
    internal TrainingKernels? TrainingKernels { get; }

    /// <summary>The weights in use; assigning replaces them in one step.</summary>
    internal LayerState? State
    {
        get => _state;
        set => _state = value;
    }

    /// <summary>
    /// Sets the weights; those that aren't +0 or -0 are active (NaN and infinities too), and all of a layer that is declared dense.
    /// Where the layer runs sparse, the others never contribute to an output, not even as 0 times infinity; where it runs dense, they
    /// do. <see cref="Plan"/> tells; small and large batches may differ.
    /// </summary>
    /// <param name="weights">Row-major [OutFeatures, InFeatures].</param>
    /// <param name="bias">OutFeatures values; empty for a layer without bias.</param>
    /// <exception cref="ArgumentException">
    /// A length is wrong, or the weights break the declared pattern; the layer stays as it was.
    /// </exception>
    public void SetWeights(ReadOnlySpan<float> weights, ReadOnlySpan<float> bias)
    {
        CheckWeightLength(weights.Length, "weights", nameof(weights));
        CheckBiasLength(bias.Length, nameof(bias));
        var matrix = Descriptor.Pattern is DensePattern
            ? SparseMatrix.FromFull(OutFeatures, InFeatures, weights.ToArray())
            : SparseMatrix.FromDense(weights, OutFeatures, InFeatures, expected: ExpectedNonzeros);
        Replace(matrix, bias, nameof(weights), "Prune them to it: KernelGen.Pruning.ModelPruner.PruneNow makes a mask, which SetWeights takes with the weights.");
    }

    /// <summary>Sets the weights that a mask makes active, zeros among them; weights outside the mask are ignored.</summary>
    /// <remarks>A layer that is declared dense keeps the mask, and runs dense with zeros where it leaves weights out.</remarks>
    /// <param name="weights">Row-major [OutFeatures, InFeatures].</param>
    /// <param name="bias">OutFeatures values; empty for a layer without bias.</param>
    /// <param name="mask">Row-major [OutFeatures, InFeatures]: true for an active weight.</param>
    /// <exception cref="ArgumentException">
    /// A length is wrong, or the mask breaks the declared pattern; the layer stays as it was.
    /// </exception>
    public void SetWeights(ReadOnlySpan<float> weights, ReadOnlySpan<float> bias, ReadOnlySpan<bool> mask)
    {
        CheckWeightLength(weights.Length, "weights", nameof(weights));
        CheckBiasLength(bias.Length, nameof(bias));
        CheckWeightLength(mask.Length, "elements of a mask", nameof(mask));
        Replace(SparseMatrix.FromDense(weights, OutFeatures, InFeatures, mask, ExpectedNonzeros), bias, nameof(mask), "KernelGen.Pruning.ModelPruner.PruneNow makes a mask that fits.");
    }

    /// <summary>Copies the weights, bit for bit; +0 where none is active.</summary>
    /// <param name="weights">Receives [OutFeatures, InFeatures], row-major.</param>
    /// <exception cref="ArgumentException">The length is wrong.</exception>
    /// <exception cref="InvalidOperationException">The layer has no weights yet.</exception>
    public void GetWeights(Span<float> weights)
    {
        CheckWeightLength(weights.Length, "weights", nameof(weights));
        RequireState().Weights.ToDense(weights);
    }

    /// <summary>Copies the bias.</summary>
    /// <param name="bias">Receives OutFeatures values; empty for a layer without bias.</param>
    /// <exception cref="ArgumentException">The length is wrong.</exception>
    /// <exception cref="InvalidOperationException">The layer has no weights yet.</exception>
    public void GetBias(Span<float> bias)
    {
        CheckBiasLength(bias.Length, nameof(bias));
        RequireState().Bias.CopyTo(bias);
    }

    /// <summary>Copies the mask: true for an active weight.</summary>
    /// <param name="mask">Receives [OutFeatures, InFeatures], row-major.</param>
    /// <exception cref="ArgumentException">The length is wrong.</exception>
    /// <exception cref="InvalidOperationException">The layer has no weights yet.</exception>
    public void GetMask(Span<bool> mask)
    {
        CheckWeightLength(mask.Length, "elements of a mask", nameof(mask));
        RequireState().Weights.ToMask(mask);
    }

    /// <summary>New weights mostly have as many nonzeros as those that they replace.</summary>
    private int ExpectedNonzeros => State?.Weights.Nonzeros ?? 0;

    internal LayerState RequireState()
        => _state ?? throw new InvalidOperationException($"Layer '{Name}\' has no weights yet: call its SetWeights, or the model's Load.");

    /// <summary>New weights, packed for whatever the present ones are packed for: the next forward pass packs nothing.</summary>
    internal LayerState CreateState(SparseMatrix weights, float[] bias)
    {
        var state = new LayerState(Descriptor, _sparse, _dense, weights, bias, Packing);
        if (_state is { } present)
        {
            state.BuildLike(present);
        }

        return state;
    }

    private void Replace(SparseMatrix matrix, ReadOnlySpan<float> bias, string parameter, string remedy)
    {
        if (PatternCheck.FindViolation(Descriptor, matrix) is { } violation)
        {
            throw new ArgumentException($"{violation} {remedy}", parameter);
        }

        State = CreateState(matrix, bias.ToArray());
    }

    private void CheckWeightLength(int length, string what, string parameter)
    {
        if (length != Descriptor.WeightCount)
        {
            throw new ArgumentException(
                $"Layer '{Name}\' takes {Descriptor.WeightCount} {what} ({OutFeatures} outputs x {InFeatures} inputs), not {length}.",
                parameter);
        }
    }

    private void CheckBiasLength(int length, string parameter)
    {
        var expected = Descriptor.Bias ? OutFeatures : 0;
        if (length != expected)
        {
            throw new ArgumentException(
                Descriptor.Bias
                    ? $"Layer '{Name}\' has {OutFeatures} biases, not {length}."
                    : $"Layer '{Name}\' has no bias: pass an empty span, not {length} values.",
                parameter);
        }
    }
}
