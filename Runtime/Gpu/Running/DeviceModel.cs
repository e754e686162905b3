using ILGPU.Runtime;
using KernelGen.Gpu.Kernels;

namespace KernelGen.Gpu.Running;

/// <summary>A model's layers on a device, which follow its weights. Whoever runs them holds <see cref="Lock"/>.</summary>
internal sealed class DeviceModel : IDisposable
{
    /// <summary>Strides are multiples of a warp.</summary>
    private const int StrideMultiple = 32;

    private readonly IGpuModel _model;
    private readonly GpuNetwork _network;
    private readonly GpuLayer?[] _layers;

    public DeviceModel(IGpuModel model, Accelerator accelerator)
    {
        _model = model;
        _network = model.GpuNetwork;
        Accelerator = accelerator;
        Descriptor = new ModelDescriptor(model.GetType().Name, [.. model.Layers.Select(layer => layer.Descriptor)]);
        MostFeatures = Math.Max(Descriptor.InFeatures, Descriptor.Layers.Max(layer => layer.OutFeatures));
        CheckLimits();
        Transforms = new GpuTransforms(accelerator, _network.Transforms);
        _layers = new GpuLayer?[model.Layers.Count];
        try
        {
            Follow();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public Lock Lock { get; } = new();

    public Accelerator Accelerator { get; }

    public ModelDescriptor Descriptor { get; }

    /// <summary>Features of the widest panel.</summary>
    public int MostFeatures { get; }

    public GpuTransforms Transforms { get; }

    public bool IsDisposed { get; private set; }

    /// <summary>Uploads what was set since; the layers, in the order they run.</summary>
    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    public IReadOnlyList<GpuLayer> Follow()
    {
        ThrowIfDisposed();
        for (var i = 0; i < _layers.Length; i++)
        {
            var state = _model.Layers[i].RequireState();
            if (ReferenceEquals(_layers[i]?.State, state))
            {
                continue;
            }

            var uploaded = new GpuLayer(Accelerator, state, _network.Layers[i]);
            if (_layers[i] is { } old)
            {
                // Work in flight may still read it.
                Accelerator.Synchronize();
                uploaded.TakeMask(old);
                old.Dispose();
            }

            _layers[i] = uploaded;
        }

        return _layers!;
    }

    /// <summary>Where a layer stands.</summary>
    /// <exception cref="ArgumentException">It is none of this model's.</exception>
    public int IndexOf(Linear layer)
    {
        for (var i = 0; i < _model.Layers.Count; i++)
        {
            if (ReferenceEquals(_model.Layers[i], layer))
            {
                return i;
            }
        }

        throw new ArgumentException($"Layer '{layer.Name}' is none of the {Descriptor.Name} that was brought to the device: take its layers.", nameof(layer));
    }

    /// <summary>The name of the first layer whose weights were replaced on the device since; null for none.</summary>
    public string? FirstReplaced(IReadOnlyList<GpuLayer> since) => since.FirstOrDefault(layer => !_layers.Contains(layer))?.State.Descriptor.Name;

    public void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(IsDisposed, typeof(GpuModel));

    /// <summary>A batch in whole warps.</summary>
    public static int StrideOf(int batch) => (batch + StrideMultiple - 1) / StrideMultiple * StrideMultiple;

    /// <exception cref="ArgumentOutOfRangeException">The batch has more activations than kernels count.</exception>
    public void CheckBatch(int batch)
    {
        // Kernels count elements in 32 bits.
        var most = (int.MaxValue / MostFeatures) - StrideMultiple;
        if (batch > most)
        {
            throw new ArgumentOutOfRangeException(
                nameof(batch), batch, $"A batch of {batch} has more than 2^31 activations in a layer of {MostFeatures}: run {most} samples at a time, or fewer.");
        }
    }

    public void Dispose()
    {
        IsDisposed = true;
        foreach (var layer in _layers)
        {
            layer?.Dispose();
        }
    }

    private void CheckLimits()
    {
        GridLimit.Check(Accelerator, Descriptor.Layers[0].Name, Descriptor.InFeatures, "inputs", TransformKernels.Side);
        GridLimit.Check(Accelerator, Descriptor.Layers[^1].Name, Descriptor.OutFeatures, "outputs", TransformKernels.Side);
        for (var i = 0; i < Descriptor.Layers.Count; i++)
        {
            var (layer, kernels) = (Descriptor.Layers[i], _network.Layers[i]);
            GridLimit.Check(Accelerator, layer.Name, layer.OutFeatures, "outputs", kernels.Sparse, kernels.Dense);
        }
    }
}
