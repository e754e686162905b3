using ILGPU;
using ILGPU.Runtime;
using KernelGen.Formats;
using KernelGen.Gpu;
using KernelGen.Gpu.Kernels;
using KernelGen.Gpu.Running;
using KernelGen.Reference;

namespace KernelGen.Benchmarks.Gpu;

/// <summary>The kernels of one layer on a device, with random activations there: forward, input gradient, weight gradient.</summary>
internal sealed class GpuLayerCases : IDisposable
{
    private const int CheckedSamples = 3;

    /// <summary>Active weights whose gradient is checked, spread over the layer.</summary>
    private const int CheckedWeights = 64;

    private readonly Accelerator _accelerator;
    private readonly GpuLayerKernels _kernels;
    private readonly Linear _layer;
    private readonly SparseMatrix _weights;
    private readonly int _batch;
    private readonly int _stride;
    private readonly float[] _x;
    private readonly float[] _dz;
    private readonly MemoryBuffer1D<float, Stride1D.Dense> _input;
    private readonly MemoryBuffer1D<float, Stride1D.Dense> _gradient;
    private readonly MemoryBuffer1D<float, Stride1D.Dense> _result;
    private readonly List<IDisposable> _owned = [];

    public GpuLayerCases(Accelerator accelerator, IGpuModel model, int batch)
    {
        (_accelerator, _layer, _kernels, _batch) = (accelerator, model.Layers[0], model.GpuNetwork.Layers[0], batch);
        _weights = _layer.RequireState().Weights;
        _stride = (batch + 31) / 32 * 32;
        var random = new Random(2);
        (_x, _dz) = (Panel(_layer.InFeatures), Panel(_layer.OutFeatures));
        _input = Own(accelerator.Allocate1D(_x));
        _gradient = Own(accelerator.Allocate1D(_dz));
        _result = Own(accelerator.Allocate1D<float>(Math.Max((long)Math.Max(_layer.InFeatures, _layer.OutFeatures) * _stride, _weights.Nonzeros)));

        float[] Panel(int features) => [.. Enumerable.Range(0, features * _stride).Select(_ => (random.NextSingle() * 2) - 1)];
    }

    private double ActivationBytes => sizeof(float) * (double)_batch * (_layer.InFeatures + _layer.OutFeatures);

    /// <summary>The kernel that one writes first.</summary>
    public GpuTimed Plain(float[] dense)
    {
        var weights = Own(_accelerator.Allocate1D(dense));
        var plain = _accelerator.LoadKernel<ArrayView<float>, ArrayView<float>, ArrayView<float>, int, int, int>(PlainDense.Run);
        var config = new KernelConfig((((_layer.OutFeatures * _stride) - 1) / PlainDense.Threads) + 1, PlainDense.Threads);
        return new GpuTimed(
            "plain dense",
            () => plain(_accelerator.DefaultStream, config, _input.View, weights.View, _result.View, _layer.OutFeatures, _layer.InFeatures, _stride),
            () => FirstSamples(_layer.OutFeatures),
            Product(_weights, _x),
            _layer.Descriptor.WeightCount,
            (sizeof(float) * _layer.Descriptor.WeightCount) + ActivationBytes);
    }

    /// <summary>The emitted kernels: the dense ones of a dense layer alone.</summary>
    public IEnumerable<GpuTimed> Emitted()
    {
        var gradients = _kernels.Gradients!;
        var (turned, turnedWeights) = (_layer.Descriptor with { InFeatures = _layer.OutFeatures, OutFeatures = _layer.InFeatures }, _weights.Transpose());
        return [
            .. (_kernels.Sparse ?? _kernels.Dense).Select(kernel => Products("forward", _layer.Descriptor, _weights, kernel, _input, _x)),
            .. (gradients.SparseInput ?? gradients.DenseInput).Select(kernel => Products("dX", turned, turnedWeights, kernel, _gradient, _dz)),
            WeightGradient(gradients.Weights),
        ];
    }

    public void Dispose() => _owned.ForEach(buffer => buffer.Dispose());

    private GpuTimed Products(
        string what, LayerDescriptor layer, SparseMatrix weights, GpuKernel kernel, MemoryBuffer1D<float, Stride1D.Dense> source, float[] x)
    {
        var product = Own(GpuProduct.Upload(_accelerator, layer, weights, [], [kernel], isSparse: true, "benchmark"));
        return new GpuTimed(
            $"{what}: {kernel.Name}",
            () => product.Run(_accelerator.DefaultStream, source.View, _result.View, _stride),
            () => FirstSamples(layer.OutFeatures),
            Product(weights, x),
            kernel.Format.Pack(weights).StoredWeights,
            product.Plan.Bytes + ActivationBytes);
    }

    private GpuTimed WeightGradient(GpuSampledKernel kernel)
    {
        var product = Own(new GpuSampledProduct(_accelerator, _layer.Name, _weights, kernel));
        var places = _weights.Places();
        var picked = Enumerable.Range(0, CheckedWeights).Select(i => (int)((long)i * (places.Length - 1) / (CheckedWeights - 1))).ToArray();
        return new GpuTimed(
            $"dW: {kernel.Name}",
            () => product.Weights(_accelerator.DefaultStream, _input.View, _gradient.View, _result.View, _batch, _stride),
            () => _result.GetAsArray1D() is var all ? [.. picked.Select(k => all[k])] : [],
            [.. picked.Select(k => Dot((int)(places[k] / _layer.InFeatures), (int)(places[k] % _layer.InFeatures)))],
            kernel.Format.Pack(_weights).Targets.Length,
            product.Bytes + (sizeof(float) * (double)_weights.Nonzeros) + ActivationBytes);
    }

    private double Dot(int row, int column)
    {
        var sum = 0.0;
        for (var sample = 0; sample < _batch; sample++)
        {
            sum += (double)_dz[(row * _stride) + sample] * _x[(column * _stride) + sample];
        }

        return sum;
    }

    private float[] FirstSamples(int features)
    {
        var all = _result.GetAsArray1D();
        return [.. Enumerable.Range(0, Math.Min(_batch, CheckedSamples) * features).Select(i => all[(i % features * _stride) + (i / features)])];
    }

    private double[] Product(SparseMatrix weights, float[] panel)
    {
        var samples = Math.Min(_batch, CheckedSamples);
        var x = new double[samples * weights.Columns];
        for (var i = 0; i < x.Length; i++)
        {
            x[i] = panel[(i % weights.Columns * _stride) + (i / weights.Columns)];
        }

        var y = new double[samples * weights.Rows];
        LinearReference.Sums(weights, [], x, y, samples);
        return y;
    }

    private TBuffer Own<TBuffer>(TBuffer buffer)
        where TBuffer : IDisposable
    {
        _owned.Add(buffer);
        return buffer;
    }
}
