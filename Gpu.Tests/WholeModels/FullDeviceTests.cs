using ILGPU;
using ILGPU.Runtime;
using KernelGen.Gpu.Running;
using KernelGen.Gpu.Tests.Models;
using KernelGen.Runtime.Tests;
using Xunit;

namespace KernelGen.Gpu.Tests.WholeModels;

/// <summary>
/// A device on which the first, the second, ... allocation fails: each time that says so, and what ran before still runs. On ILGPU's simulation, which every machine has.
/// </summary>
[Collection(nameof(GuardedDeviceMemory))]
public sealed class FullDeviceTests
{
    private const int Seed = 19;

    [Fact]
    public void A_model_that_does_not_fit_stays_on_the_processor()
    {
        using var lease = TestDevices.Use(TestDevices.Simulation);
        var model = Create();
        GpuModel? gpu = null;
        Assert.Contains("the weights of layer 'First'", UntilThereIsRoom(lease.Accelerator, () => gpu = model.ToGpu(lease.Accelerator), () => Run(model)), StringComparison.Ordinal);
        AssertSame(model, gpu!);
        gpu!.Dispose();
    }

    [Fact]
    public void A_batch_that_does_not_fit_leaves_smaller_ones()
    {
        using var lease = TestDevices.Use(TestDevices.Simulation);
        var model = Create();
        using var gpu = model.ToGpu(lease.Accelerator);
        AssertSame(model, gpu);
        const int Batch = 33;
        UntilThereIsRoom(lease.Accelerator, () => gpu.Forward(new float[Batch * 70], new float[Batch * 10], Batch), () => AssertSame(model, gpu));
        AssertSame(model, gpu);
    }

    [Fact]
    public void Weights_that_do_not_fit_are_followed_once_they_do()
    {
        using var lease = TestDevices.Use(TestDevices.Simulation);
        var model = Create();
        using var gpu = model.ToGpu(lease.Accelerator);
        using var gradients = gpu.CreateGradients();
        gradients.Forward(new float[70], new float[10], 1);
        KernelCases.SetRandomWeights(model, new Random(Seed + 1), 0.1);
        Assert.Contains(
            "the weights of layer 'First'", UntilThereIsRoom(lease.Accelerator, () => gradients.Forward(new float[70], new float[10], 1), () => Run(model)), StringComparison.Ordinal);
        gradients.Backward(new float[10], new float[70]);
        AssertSame(model, gpu);
    }

    [Fact]
    public void Gradients_that_do_not_fit_leave_the_forward_pass()
    {
        using var lease = TestDevices.Use(TestDevices.Simulation);
        var model = Create();
        using var gpu = model.ToGpu(lease.Accelerator);
        AssertSame(model, gpu);
        GpuGradients? gradients = null;
        UntilThereIsRoom(lease.Accelerator, () => gradients = gpu.CreateGradients(), () => Run(model));
        AssertSame(model, gpu);
        UntilThereIsRoom(lease.Accelerator, () => gradients!.Forward(new float[70], new float[10], 1), () => Run(model));
        UntilThereIsRoom(lease.Accelerator, () => gradients!.Backward(new float[10], new float[70]), () => Run(model));
        gradients!.Dispose();
        AssertSame(model, gpu);
    }

    /// <summary>Acts with room for no buffer, for one, and so on, until there is room for all; what the first failure said.</summary>
    private static string UntilThereIsRoom(Accelerator accelerator, Action act, Action afterFailure)
    {
        string? said = null;
        for (var room = 0; ; room++)
        {
            DeviceMemory.Allocator = new FullDevice(accelerator, room);
            try
            {
                act();
                return said ?? throw new InvalidOperationException("Nothing was allocated.");
            }
            catch (InsufficientMemoryException e)
            {
                Assert.Contains("the model itself is as it was", e.Message, StringComparison.Ordinal);
                said ??= e.Message;
            }
            finally
            {
                DeviceMemory.Allocator = null;
            }

            afterFailure();
        }
    }

    private static FourLayers Create()
    {
        var model = new FourLayers();
        KernelCases.SetRandomWeights(model, new Random(Seed), 0.1);
        return model;
    }

    private static float[] Run(FourLayers model)
    {
        var y = new float[10];
        model.Forward(Weights.Floats(new Random(Seed), 70), y, 1);
        return y;
    }

    private static void AssertSame(FourLayers model, GpuModel gpu)
    {
        var (expected, actual) = (Run(model), new float[10]);
        gpu.Forward(Weights.Floats(new Random(Seed), 70), actual, 1);
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], actual[i], 1e-4f);
        }
    }

    /// <summary>Has room for so many buffers more; other devices, which other tests use meanwhile, have their own.</summary>
    private sealed class FullDevice(Accelerator full, int room) : IDeviceAllocator
    {
        private int _room = room;

        public MemoryBuffer1D<T, Stride1D.Dense> Allocate<T>(Accelerator accelerator, long length)
            where T : unmanaged
            => accelerator != full || _room-- > 0 ? accelerator.Allocate1D<T>(length) : throw new InsufficientMemoryException("There is no room.");
    }
}
