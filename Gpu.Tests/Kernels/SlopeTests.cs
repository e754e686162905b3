using ILGPU.Runtime;
using KernelGen.Gpu.Running;
using KernelGen.Gpu.Tests.Models;
using KernelGen.Reference;
using Xunit;

namespace KernelGen.Gpu.Tests.Kernels;

/// <summary>Every activation's slope, alone, beside the difference quotient of the oracle.</summary>
public sealed class SlopeTests
{
    /// <summary>What the emitted slopes may be off, where none is above 1.13.</summary>
    internal const double Tolerance = 6e-7;

    [Theory]
    [MemberData(nameof(TestDevices.All), MemberType = typeof(TestDevices))]
    public void Slopes_are_those_of_the_activations(string device)
    {
        using var lease = TestDevices.Use(device);
        var model = new EveryActivation();
        // 0 and far out, and between them finely.
        float[] z = [0, -0f, 1e-30f, -1e-30f, 30, -30, 1000, -1000, .. Enumerable.Range(-1020, 2040).Select(i => i / 96f)];
        for (var i = 0; i < model.Layers.Count; i++)
        {
            var layer = model.Layers[i].Descriptor;
            var gradients = ((IGpuModel)model).GpuNetwork.Layers[i].Gradients!;
            if (gradients.Activation is not { } kernels)
            {
                continue;
            }

            var results = Array.ConvertAll(z, value => (float)ActivationReference.Apply(layer.Activation, value, layer.NegativeSlope));
            using var kept = DeviceMemory.Upload(lease.Accelerator, kernels.Apply is null ? results : z, "what is kept");
            using var gradient = DeviceMemory.Upload(lease.Accelerator, Array.ConvertAll(z, _ => 1f), "a gradient");
            using var target = DeviceMemory.Upload(lease.Accelerator, new float[z.Length], "the result");
            var elementwise = new GpuElementwise(lease.Accelerator, kernels);
            elementwise.MultiplyBySlope(lease.Accelerator.DefaultStream, kept.View, gradient.View, target.View, z.Length);
            lease.Accelerator.Synchronize();
            AssertNear(z, target.GetAsArray1D(), value => GradientReference.Slope(layer, value), $"the slope of {layer.Activation} on {device}");
            if (kernels.Apply is not null)
            {
                elementwise.Apply(lease.Accelerator.DefaultStream, kept.View, target.View, z.Length);
                lease.Accelerator.Synchronize();
                AssertNear(z, target.GetAsArray1D(), value => ActivationReference.Apply(layer.Activation, value, layer.NegativeSlope), $"{layer.Activation} on {device}");
            }
        }
    }

    private static void AssertNear(float[] z, float[] actual, Func<double, double> expected, string what)
    {
        for (var i = 0; i < z.Length; i++)
        {
            var value = expected(z[i]);
            if (!(Math.Abs(actual[i] - value) <= Tolerance * Math.Max(1, Math.Abs(value))))
            {
                Assert.Fail($"{what} at {z[i]:R} is {actual[i]:R}, not {value:R}.");
            }
        }
    }
}
