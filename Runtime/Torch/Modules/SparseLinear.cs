using System.IO.Hashing;
using KernelGen.Formats;
using KernelGen.Masks;
using KernelGen.Training;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace KernelGen.Torch;

/// <summary>
/// A layer trained on the emitted kernels: y = activation(x W^T + b), at the cost of the active weights. Its parameters are <c>values</c>, a
/// <see cref="SparseParameter"/>, and <c>bias</c>; its buffer <c>mask</c> holds the mask as bits: uint8 [out, ceil(in / 8)], the first column lowest.
/// </summary>
/// <remarks>
/// It gives batches as views of feature-major memory, and takes such without a copy: between two of these layers, and elementwise functions between
/// them, nothing is transposed. Not to be used by several threads at once.
/// </remarks>
public sealed class SparseLinear : TrainedLayer
{
    private readonly Linear _kernels;
    private TrainableLinear _products;
    private AlignedBuffer? _gradient;
    private List<Batch>? _kept;

    // Whoever asks for the buffers may load into them, at any later time: then their hash is compared with that of the mask in use.
    private bool _handedOut;
    private ulong _hash;

    /// <summary>Creates a layer, initialised as a <see cref="MaskedLinear"/> with the same mask; with room for so many times its active weights.</summary>
    internal SparseLinear(Linear kernels, InitialValues initial, bool[]? mask, double room = 1)
        : base(kernels.Descriptor)
    {
        _kernels = TrainableLinear.Checked(kernels);
        using var scope = NewDisposeScope();
        using var weights = initial.Weight(Layer);
        var matrix = mask is null ? SparseMatrix.FromFull(Layer.OutFeatures, Layer.InFeatures, []) : SparseMatrix.FromMask(mask, Layer.OutFeatures, Layer.InFeatures);
        var values = zeros(CapacityFor(matrix, room)).DetachFromDisposeScope();
        register_parameter("values", new SparseParameter(Layer.Name, values, matrix.Nonzeros));
        if (Layer.Bias)
        {
            register_parameter("bias", initial.Bias(Layer));
        }

        var bits = zeros([Layer.OutFeatures, MaskBits.RowBytes(Layer.InFeatures)], dtype: ScalarType.Byte);
        register_buffer("mask", bits.DetachFromDisposeScope());
        _products = new TrainableLinear(kernels, matrix, Packing.Thorough, preactivation: true);
        _hash = WriteMask(matrix);
        matrix.Compress(TensorData.Span(weights), TensorData.Span(Values));
    }

    /// <summary>The active weights.</summary>
    public SparseParameter Values => (SparseParameter)get_parameter("values")!;

    /// <inheritdoc/>
    public override Parameter Weight => Values;

    /// <inheritdoc/>
    public override long ActiveCount
    {
        get
        {
            FollowLoadedMask();
            return _products.Nonzeros;
        }
    }

    /// <summary>Bytes that training takes beside parameters, gradients and the optimiser's memory: masks, and values packed for the kernels.</summary>
    public long PackedBytes => _products.Bytes + base.get_buffer("mask")!.NumberOfElements;

    /// <summary>Which kernels run with the mask in use, and why.</summary>
    public TrainingPlan Plan
    {
        get
        {
            FollowLoadedMask();
            return _products.Plan;
        }
    }

    /// <summary>The mask in use.</summary>
    internal SparseMatrix Current
    {
        get
        {
            FollowLoadedMask();
            return _products.Mask;
        }
    }

    internal override Packing Packing => _products.Packing;

    /// <summary>Runs the layer.</summary>
    /// <param name="input">Activations [..., in]: 32-bit floats on the processor.</param>
    /// <returns>Activations [..., out].</returns>
    /// <exception cref="ArgumentException">The shape, the type or the device doesn't fit.</exception>
    /// <exception cref="InvalidOperationException">The layer's last backward pass failed: an exception thrown there would have ended the process.</exception>
    public override Tensor forward(Tensor input)
    {
        ArgumentNullException.ThrowIfNull(input);
        Values.ThrowIfFailed();
        var shape = input.shape;
        Validate(input, shape);
        FollowLoadedMask();
        if (shape.Length == 2)
        {
            return Activate(Run(input));
        }

        using var flat = input.reshape(-1, Layer.InFeatures);
        using var output = Activate(Run(flat));
        return output.reshape([.. shape[..^1], Layer.OutFeatures]);
    }

    /// <inheritdoc/>
    public override IEnumerable<(string name, Tensor buffer)> named_buffers(bool recurse = true, bool include_nonpersistent = true)
    {
        _handedOut = true;
        return base.named_buffers(recurse, include_nonpersistent);
    }

    /// <inheritdoc/>
    public override Tensor? get_buffer(string target)
    {
        _handedOut = true;
        return base.get_buffer(target);
    }

    /// <summary>The kernels of the present mask.</summary>
    internal TrainableLinear Products => _products;

    /// <summary>Memory for a gradient, until the next one asks.</summary>
    internal unsafe Span<float> GradientMemory(int count)
    {
        if (_gradient is null || _gradient.Bytes < (long)count * sizeof(float))
        {
            _gradient = AlignedBuffer.OfFloats(count, zeroed: false);
        }

        return new Span<float>(_gradient.Floats, count);
    }

    internal override bool[] ReadMask()
    {
        var mask = new bool[Layer.WeightCount];
        Current.ToMask(mask);
        return mask;
    }

    internal override float[] ReadWeights() => ToDense(TensorData.Span(Values));

    /// <summary>Spreads numbers of the active weights, [capacity], over the matrix, row-major [out, in]; 0 elsewhere.</summary>
    internal float[] ToDense(ReadOnlySpan<float> numbers)
    {
        var dense = new float[Layer.WeightCount];
        var mask = Current;
        SparseMatrix.FromCsr(mask, numbers[..mask.Nonzeros].ToArray()).ToDense(dense);
        return dense;
    }

    internal override void WriteWeights(float[] weights)
    {
        Current.Compress(weights, TensorData.Span(Values));
        TensorData.MarkChanged(Values);
    }

    internal override void Write(float[] weights, bool[] mask)
    {
        var next = SparseMatrix.FromMask(mask, Layer.OutFeatures, Layer.InFeatures);
        var replaced = _products;
        Use(next, Packing.Thorough);
        var values = TensorData.Span(Values);
        values.Clear();
        next.Compress(weights, values);
        TensorData.MarkChanged(Values);
        // Of the former mask.
        Values.grad = null;
        replaced.Release();
    }

    internal override long Room => Values.shape[0];

    internal override void ThrowIfNoRoom(int activeWeights)
    {
        if (activeWeights > Values.shape[0])
        {
            throw new InvalidOperationException(
                $"Layer '{Layer.Name}' has room for {Values.shape[0]} active weights, not for {activeWeights}. Create the module with masks that have as many, or without masks.");
        }
    }

    internal override SparseMatrix ReadActive()
    {
        FollowLoadedMask();
        return _products.WithValues(TensorData.Span(Values)[.._products.Nonzeros]);
    }

    internal override void ChangeMask(SparseMatrix mask, LayerMemory memory, Packing packing = Packing.Quick, SparseMatrix? former = null)
    {
        former ??= Current;
        if (mask.HasMaskOf(former))
        {
            // A pack that was made thoroughly stays.
            if (packing != Packing.Quick)
            {
                Repack(packing);
            }

            return;
        }

        var change = new MaskChange(former, mask);
        var replaced = _products;
        Use(mask, packing);
        change.Move(TensorData.Span(Values));
        TensorData.MarkChanged(Values);
        foreach (var tensor in memory)
        {
            change.Move(TensorData.Span(tensor));
        }

        if (memory.Rates is { } rates)
        {
            change.Move(TensorData.Span(rates), memory.FreshRate);
        }

        // Of the former mask.
        Values.grad = null;
        // A backward pass of what was computed with it fails before it comes to its kernels, since the values were marked.
        replaced.Release();
    }

    internal override Tensor ActiveWeight() => Values.alias();

    internal override void ShrinkGroups(WeightUnits units, double step)
    {
        var mask = Current;
        var values = TensorData.Span(Values);
        var (squares, sizes) = (new double[units.Count], new int[units.Count]);
        var unitOf = UnitsOf(mask, units);
        for (var i = 0; i < unitOf.Length; i++)
        {
            var unit = unitOf[i];
            squares[unit] += (double)values[i] * values[i];
            sizes[unit]++;
        }

        for (var i = 0; i < unitOf.Length; i++)
        {
            var unit = unitOf[i];
            var (norm, less) = (Math.Sqrt(squares[unit]), step * Math.Sqrt(sizes[unit]));
            values[i] = norm > less ? (float)(values[i] * (1 - (less / norm))) : 0;
        }

        TensorData.MarkChanged(Values);
    }

    // Of each active weight, in order.
    private static int[] UnitsOf(SparseMatrix mask, WeightUnits units)
    {
        var of = new int[mask.Nonzeros];
        for (var row = 0; row < mask.Rows; row++)
        {
            var columns = mask.RowColumns(row);
            for (var k = 0; k < columns.Length; k++)
            {
                of[mask.FirstValue(row) + k] = units.Of(row, columns[k]);
            }
        }

        return of;
    }

    internal override void ForgetPruned(IEnumerable<Tensor> memory)
    {
        // There is nothing of them.
    }

    internal override void KeepBatches(bool keep)
    {
        _kept?.ForEach(batch => batch.Dispose());
        _kept = keep ? [] : null;
    }

    internal override void DenseGradient(int firstRow, int rows, Span<float> gradient)
    {
        if (_kept is not { Count: > 0 } kept)
        {
            throw NoBatch();
        }

        using var withoutGradient = no_grad();
        using var scope = NewDisposeScope();
        var sum = kept.Select(batch => batch.Gradient.narrow(0, firstRow, rows).matmul(batch.Input.t())).Aggregate((a, b) => a + b);
        TensorData.Span(sum).CopyTo(gradient);
    }

    /// <summary>Keeps a batch, if batches are kept.</summary>
    /// <param name="input">[in, batch].</param>
    /// <param name="gradient">Of what the activation takes: [out, batch].</param>
    internal void Keep(Tensor input, ReadOnlySpan<float> gradient)
    {
        if (_kept is { } kept)
        {
            var rows = empty(Layer.OutFeatures, input.shape[1]).DetachFromDisposeScope();
            gradient.CopyTo(TensorData.Span(rows));
            kept.Add(new Batch(input.alias().DetachFromDisposeScope(), rows));
        }
    }

    internal override void Repack(Packing packing)
    {
        if (packing != Packing)
        {
            _products = _products.WithMask(Current, packing);
        }
    }

    /// <inheritdoc/>
    protected override nn.Module _to(Device device, ScalarType dtype, bool non_blocking)
        => Stays(device.type, dtype, () => base._to(device, dtype, non_blocking));

    /// <inheritdoc/>
    protected override nn.Module _to(DeviceType deviceType, int deviceIndex, bool non_blocking)
        => Stays(deviceType, ScalarType.Float32, () => base._to(deviceType, deviceIndex, non_blocking));

    /// <inheritdoc/>
    protected override nn.Module _to(ScalarType dtype, bool non_blocking)
        => Stays(DeviceType.CPU, dtype, () => base._to(dtype, non_blocking));

    private nn.Module Stays(DeviceType device, ScalarType dtype, Func<nn.Module> move)
        => device == DeviceType.CPU && dtype == ScalarType.Float32
            ? move()
            : throw new InvalidOperationException(
                $"Layer '{Layer.Name}' trains sparse, on the processor and in Float32; it can't move to {device} and {dtype}. Create the module with TrainingMode.Exact for that.");

    private Tensor Run(Tensor input)
    {
        // Autograd would copy our gradient, which our own handle still holds; a view's backward hands on a tensor of its own over the same memory. An alias's doesn't.
        using var values = Values.view(-1);
        return SparseFunction.apply(input, values, Bias!, this);
    }

    private Tensor Activate(Tensor sum)
    {
        if (!TrainableLinear.NeedsPreactivation(_kernels))
        {
            return sum;
        }

        using (sum)
        {
            return Activations.Apply(Layer, sum);
        }
    }

    private void Use(SparseMatrix next, Packing packing)
    {
        ThrowIfNoRoom(next.Nonzeros);
        // More weights of a group than N:M has are fine on the way there; half a block never is.
        if (Layer.Pattern is BlockPattern && PatternCheck.FindViolation(Layer, next) is { } violation)
        {
            throw new InvalidOperationException(violation);
        }

        var products = _products.WithMask(next, packing);
        _hash = WriteMask(next);
        _products = products;
        Values.Count = next.Nonzeros;
    }

    private void FollowLoadedMask()
    {
        if (!_handedOut)
        {
            return;
        }

        var bits = base.get_buffer("mask")!.bytes;
        if (XxHash3.HashToUInt64(bits) != _hash)
        {
            Use(ReadLoaded(bits), Packing.Thorough);
        }
    }

    private ulong WriteMask(SparseMatrix mask)
    {
        var bits = base.get_buffer("mask")!.bytes;
        MaskBits.Write(mask, bits);
        return XxHash3.HashToUInt64(bits);
    }

    private SparseMatrix ReadLoaded(ReadOnlySpan<byte> bits)
    {
        try
        {
            return MaskBits.Read(bits, Layer.OutFeatures, Layer.InFeatures);
        }
        catch (FormatException e)
        {
            throw new InvalidOperationException($"Layer '{Layer.Name}': {e.Message} What was loaded is damaged, or another layer's: load it from elsewhere.", e);
        }
    }

    private void Validate(Tensor input, long[] shape)
    {
        if (shape.Length == 0 || shape[^1] != Layer.InFeatures)
        {
            throw new ArgumentException(
                $"Layer '{Layer.Name}' takes activations of shape [..., {Layer.InFeatures}], but got [{string.Join(", ", shape)}].", nameof(input));
        }

        if (input.dtype != ScalarType.Float32 || input.device_type != DeviceType.CPU)
        {
            throw new ArgumentException(
                $"Layer '{Layer.Name}' trains sparse, and takes activations of type Float32 on the CPU, but got {input.dtype} on {input.device_type}.", nameof(input));
        }
    }

    // Of blocks, masks with equal counts differ in size where blocks are cut at the edges.
    private long CapacityFor(SparseMatrix mask, double room)
    {
        if (Layer.Pattern is not BlockPattern block || mask.IsFull)
        {
            return Layer.Pattern is UnstructuredPattern ? (long)Math.Min(Layer.WeightCount, Math.Ceiling(room * mask.Nonzeros)) : mask.Nonzeros;
        }

        var cut = (Layer.OutFeatures % block.Rows) + (Layer.InFeatures % block.Columns) > 0;
        var whole = (long)block.Rows * block.Columns;
        return cut ? Math.Min(Layer.WeightCount, BlockCount(mask, block) * whole) : mask.Nonzeros;
    }

    private static long BlockCount(SparseMatrix mask, BlockPattern block)
    {
        var blocks = 0L;
        for (var row = 0; row < mask.Rows; row += block.Rows)
        {
            var last = -1;
            foreach (var column in mask.RowColumns(row))
            {
                blocks += column / block.Columns != last ? 1 : 0;
                last = column / block.Columns;
            }
        }

        return blocks;
    }

    private sealed record Batch(Tensor Input, Tensor Gradient) : IDisposable
    {
        public void Dispose()
        {
            Input.Dispose();
            Gradient.Dispose();
        }
    }
}
