using KernelGen.Gpu.Tests.Models;
using Xunit;

namespace KernelGen.Gpu.Tests.WholeModels;

/// <summary>What goes wrong with gradients says so, and loses nothing. On ILGPU's simulation, which every machine has.</summary>
public sealed class GpuGradientsErrorTests
{
    [Fact]
    public void A_model_that_is_not_marked_is_refused_by_the_layers_name()
    {
        using var lease = TestDevices.Use(TestDevices.Simulation);
        var model = new ForInferenceAlone();
        model.Layer.SetWeights(new float[12], new float[3]);
        using var gpu = model.ToGpu(lease.Accelerator);
        Assert.Contains("'Layer' has no kernels of gradients: mark its model", Assert.Throws<InvalidOperationException>(gpu.CreateGradients).Message, StringComparison.Ordinal);
        gpu.Forward(new float[4], new float[3], 1);
    }

    [Fact]
    public void Lengths_are_checked()
    {
        using var lease = TestDevices.Use(TestDevices.Simulation);
        using var gpu = Create(out var model).ToGpu(lease.Accelerator);
        using var gradients = gpu.CreateGradients();
        Assert.Contains("takes 74 floats, not 73", Assert.Throws<ArgumentException>(() => gradients.Forward(new float[73], new float[106], 2)).Message, StringComparison.Ordinal);
        Assert.Contains("1 sample or more", Assert.Throws<ArgumentOutOfRangeException>(() => gradients.Forward([], [], 0)).Message, StringComparison.Ordinal);
        gradients.Forward(new float[74], new float[106], 2);
        Assert.Contains("takes 106 floats, not 105", Assert.Throws<ArgumentException>(() => gradients.Backward(new float[105], [])).Message, StringComparison.Ordinal);
        Assert.Contains("takes 74 floats, not 75", Assert.Throws<ArgumentException>(() => gradients.Backward(new float[106], new float[75])).Message, StringComparison.Ordinal);
        gradients.Backward(new float[106], []);
        var active = gradients.NonzerosOf(model.Layer);
        Assert.Contains(
            $"has {active} gradients of active weights", Assert.Throws<ArgumentException>(() => gradients.CopyTo(model.Layer, new float[1], new float[53])).Message, StringComparison.Ordinal);
        Assert.Contains("has 53 gradients of biases, not 0", Assert.Throws<ArgumentException>(() => gradients.CopyTo(model.Layer, new float[active], [])).Message, StringComparison.Ordinal);
        Assert.Contains("none of the", Assert.Throws<ArgumentException>(() => gradients.NonzerosOf(new FourLayers().First)).Message, StringComparison.Ordinal);
        gradients.CopyTo(model.Layer, new float[active], new float[53]);
    }

    [Fact]
    public void Passes_come_in_order()
    {
        using var lease = TestDevices.Use(TestDevices.Simulation);
        using var gpu = Create(out var model).ToGpu(lease.Accelerator);
        using var gradients = gpu.CreateGradients();
        Assert.Contains("run Forward first", Assert.Throws<InvalidOperationException>(() => gradients.Backward(new float[106], [])).Message, StringComparison.Ordinal);
        gradients.Forward(new float[74], new float[106], 2);
        var (values, bias) = (new float[gradients.NonzerosOf(model.Layer)], new float[53]);
        Assert.Contains("run Backward first", Assert.Throws<InvalidOperationException>(() => gradients.CopyTo(model.Layer, values, bias)).Message, StringComparison.Ordinal);

        // What the device still holds is what the gradients are of; once it has others, they are none.
        KernelCases.SetRandomWeights(model, new Random(2), 0.5);
        gradients.Backward(new float[106], []);
        gpu.Forward(new float[37], new float[53], 1);
        Assert.Contains(
            "'Layer' were replaced since the forward pass", Assert.Throws<InvalidOperationException>(() => gradients.Backward(new float[106], [])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_was_disposed_says_so()
    {
        using var lease = TestDevices.Use(TestDevices.Simulation);
        using var gpu = Create(out var model).ToGpu(lease.Accelerator);
        var gradients = gpu.CreateGradients();
        gradients.Forward(new float[37], new float[53], 1);
        gradients.Dispose();
        gradients.Dispose();
        Assert.Throws<ObjectDisposedException>(() => gradients.Forward(new float[37], new float[53], 1));
        Assert.Throws<ObjectDisposedException>(() => gradients.Backward(new float[53], []));

        using var others = gpu.CreateGradients();
        gpu.Dispose();
        Assert.Throws<ObjectDisposedException>(() => others.Forward(new float[37], new float[53], 1));
        Assert.Throws<ObjectDisposedException>(gpu.CreateGradients);
    }

    [Fact]
    public void A_device_that_closed_with_its_model_does_not_mind_what_is_disposed_later()
    {
        var gpu = Create(out _).ToGpu("cpu");
        var gradients = gpu.CreateGradients();
        gradients.Forward(new float[37], new float[53], 1);
        gradients.Backward(new float[53], new float[37]);
        gpu.Dispose();
        gradients.Dispose();
    }

    private static Unstructured_37To53 Create(out Unstructured_37To53 model)
    {
        model = new Unstructured_37To53();
        KernelCases.SetRandomWeights(model, new Random(1), 0.3);
        return model;
    }
}
