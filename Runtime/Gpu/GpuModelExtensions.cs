using ILGPU.Runtime;

namespace KernelGen.Gpu;

/// <summary>Brings models to GPUs.</summary>
public static class GpuModelExtensions
{
    /// <summary>Uploads a model's weights to a device that the caller opened, and keeps.</summary>
    /// <param name="model">The model; it stays usable, and weights that are set later are followed.</param>
    /// <param name="accelerator">The device; it must outlive the result.</param>
    /// <returns>The model on the device, to be disposed.</returns>
    /// <exception cref="InvalidOperationException">A layer has no weights yet.</exception>
    /// <exception cref="NotSupportedException">A layer has more inputs or outputs than the device takes: millions.</exception>
    /// <exception cref="InsufficientMemoryException">The weights don't fit into the device's memory.</exception>
    public static GpuModel ToGpu(this IGpuModel model, Accelerator accelerator)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(accelerator);
        return new GpuModel(model, accelerator, device: null);
    }

    /// <summary>Opens the device that the environment variable KERNELGEN_DEVICE names, else the best GPU, and uploads a model's weights to it.</summary>
    /// <inheritdoc cref="ToGpu(IGpuModel, string)"/>
    public static GpuModel ToGpu(this IGpuModel model) => ToGpu(model, GpuDevice.Open);

    /// <summary>Opens a device and uploads a model's weights to it.</summary>
    /// <param name="model">The model; it stays usable, and weights that are set later are followed.</param>
    /// <param name="device">As for <see cref="GpuDevice.Open(string)"/>.</param>
    /// <returns>The model on the device, to be disposed; that closes the device.</returns>
    /// <exception cref="ArgumentException">The name is none of a device.</exception>
    /// <exception cref="PlatformNotSupportedException">The device isn't there.</exception>
    /// <exception cref="InvalidOperationException">A layer has no weights yet.</exception>
    /// <exception cref="NotSupportedException">A layer has more inputs or outputs than the device takes: millions.</exception>
    /// <exception cref="InsufficientMemoryException">The weights don't fit into the device's memory.</exception>
    public static GpuModel ToGpu(this IGpuModel model, string device) => ToGpu(model, () => GpuDevice.Open(device));

    private static GpuModel ToGpu(IGpuModel model, Func<GpuDevice> open)
    {
        ArgumentNullException.ThrowIfNull(model);
        var opened = open();
        try
        {
            return new GpuModel(model, opened.Accelerator, opened);
        }
        catch
        {
            opened.Dispose();
            throw;
        }
    }
}
