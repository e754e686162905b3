using KernelGen.Gpu.Tests.Models;
using Xunit;

namespace KernelGen.Gpu.Tests.WholeModels;

/// <summary>What goes wrong says so, and loses nothing. On ILGPU's simulation, which every machine has.</summary>
public sealed class GpuModelErrorTests
{
    [Fact]
    public void A_layer_without_weights_is_named()
    {
        using var lease = TestDevices.Use(TestDevices.Simulation);
        var error = Assert.Throws<InvalidOperationException>(() => new FourLayers().ToGpu(lease.Accelerator));
        Assert.Contains("'First'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Lengths_and_layouts_are_checked()
    {
        using var lease = TestDevices.Use(TestDevices.Simulation);
        using var gpu = Create(out _).ToGpu(lease.Accelerator);
        Assert.Contains("takes 140 floats, not 139", Assert.Throws<ArgumentException>(() => gpu.Forward(new float[139], new float[20], 2)).Message, StringComparison.Ordinal);
        Assert.Contains("takes 20 floats, not 21", Assert.Throws<ArgumentException>(() => gpu.Forward(new float[140], new float[21], 2)).Message, StringComparison.Ordinal);
        Assert.Contains("not -1", Assert.Throws<ArgumentOutOfRangeException>(() => gpu.Forward([], [], -1)).Message, StringComparison.Ordinal);
        Assert.Contains("samples at a time", Assert.Throws<ArgumentOutOfRangeException>(() => gpu.Forward([], [], int.MaxValue)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => gpu.Forward([], [], 0, (Layout)7));
    }

    [Fact]
    public void A_device_can_be_opened_for_a_model_and_closes_with_it()
    {
        using var gpu = Create(out _).ToGpu("cpu");
        var y = new float[10];
        gpu.Forward(new float[70], y, 1);
        Assert.Throws<PlatformNotSupportedException>(() => Create(out _).ToGpu("cuda:99"));
    }

    [Fact]
    public void A_model_that_was_disposed_says_so()
    {
        using var lease = TestDevices.Use(TestDevices.Simulation);
        var gpu = Create(out _).ToGpu(lease.Accelerator);
        gpu.Dispose();
        gpu.Dispose();
        Assert.Throws<ObjectDisposedException>(() => gpu.Forward(new float[70], new float[10], 1));
        Assert.Throws<ObjectDisposedException>(() => gpu.Plan);
    }

    [Fact]
    public void Too_large_a_batch_names_the_bytes_and_the_model_stays_usable()
    {
        using var lease = TestDevices.Use(TestDevices.Simulation);
        var device = lease.Accelerator;
        var error = Assert.Throws<InsufficientMemoryException>(
            () => Running.DeviceMemory.Allocate<float>(device, (device.MemorySize / sizeof(float)) + 1, "activations"));
        Assert.Contains("no room for activations", error.Message, StringComparison.Ordinal);
        Assert.Contains(FormattableString.Invariant($"{device.MemorySize:N0}"), error.Message, StringComparison.Ordinal);

        using var gpu = Create(out var model).ToGpu(device);
        var (onDevice, onProcessor) = (new float[10], new float[10]);
        gpu.Forward(new float[70], onDevice, 1);
        model.Forward(new float[70], onProcessor, 1);
        for (var i = 0; i < onDevice.Length; i++)
        {
            Assert.Equal(onProcessor[i], onDevice[i], 1e-5f);
        }
    }

    private static FourLayers Create(out FourLayers model)
    {
        model = new FourLayers();
        KernelCases.SetRandomWeights(model, new Random(1), 0.1);
        return model;
    }
}
