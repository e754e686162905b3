using KernelGen.Gpu.Tests.Models;
using KernelGen.Runtime.Tests;
using Xunit;

namespace KernelGen.Gpu.Tests.WholeModels;

/// <summary>Layers whose features exceed a launch: run by the kernels that reach them all, or refused by name, with nothing lost.</summary>
public sealed class TallLayerTests
{
    private const int Seed = 13;

    /// <summary>In the order of summation, sums of 1,100,000 products differ; of the largest value.</summary>
    private const double Tolerance = 1e-4;

    [Theory]
    [MemberData(nameof(TestDevices.All), MemberType = typeof(TestDevices))]
    public void Wide_kernels_reach_where_narrow_ones_do_not(string device)
    {
        using var lease = TestDevices.Use(device);
        var model = new TallLayer();
        var weights = KernelCases.SetRandomWeights(model, new Random(Seed), 0.2);
        using var gpu = model.ToGpu(lease.Accelerator);
        Assert.EndsWith(".Wide", Assert.Single(gpu.Plan[0].Kernels), StringComparison.Ordinal);
        Assert.Equal(2, gpu.Plan[1].Kernels.Count);
        using var gradients = gpu.CreateGradients();
        Assert.SkipWhen(device == TestDevices.Simulation, "Running it takes the simulation minutes: other devices do.");

        float[] x = [0.5f, -0.75f];
        var (y, dx) = (new float[1], new float[2]);
        gradients.Forward(x, y, 1);
        gradients.Backward([1f], dx);
        var expected = Oracle(weights, x);
        float[] actual = [.. y, .. dx];
        var allowed = Tolerance * expected.Max(Math.Abs);
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.InRange(actual[i], expected[i] - allowed, expected[i] + allowed);
        }
    }

    [Fact]
    public void A_layer_beyond_all_kernels_is_refused()
    {
        var model = new TooTallLayer();
        model.First.SetWeights(new float[4_194_241], new float[4_194_241]);
        model.Second.SetWeights(new float[4_194_241], [2f]);
        AssertRefused(model, "'First' has 4,194,241 outputs, where the device CPUAccelerator takes 4,194,240 at most: 65,535 groups of 64");
        AssertRuns(model, 1, 2);
    }

    [Fact]
    public void An_end_beyond_its_kernels_is_refused()
    {
        var model = new TooTallEnd();
        model.Layer.SetWeights(new float[2_097_121], new float[2_097_121]);
        AssertRefused(model, "'Layer' has 2,097,121 outputs, where the device CPUAccelerator takes 2,097,120 at most: 65,535 groups of 32");
        AssertRuns(model, 2_097_121, 0);
    }

    [Fact]
    public void Gradients_beyond_their_kernels_are_refused_and_the_forward_pass_stays()
    {
        using var lease = TestDevices.Use(TestDevices.Simulation);
        var model = new TooWideForGradients();
        model.First.SetWeights(new float[3_145_681], new float[3_145_681]);
        model.Second.SetWeights(new float[5 * 3_145_681], [1f, 1, 1, 1, 1]);
        using var gpu = model.ToGpu(lease.Accelerator);
        var error = Assert.Throws<NotSupportedException>(gpu.CreateGradients);
        Assert.Contains("'Second' has 3,145,681 inputs, where the device CPUAccelerator takes 3,145,680 at most: 65,535 groups of 48", error.Message, StringComparison.Ordinal);
        Assert.Equal(2, gpu.Plan.Count);
        AssertRuns(model, 5, 1);
    }

    private static void AssertRefused(IGpuModel model, string reason)
    {
        using var lease = TestDevices.Use(TestDevices.Simulation);
        var error = Assert.Throws<NotSupportedException>(() => model.ToGpu(lease.Accelerator));
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        Assert.Contains("Split the layer", error.Message, StringComparison.Ordinal);
    }

    private static void AssertRuns(ISparseModel model, int outputs, float expected)
    {
        var y = new float[outputs];
        model.Forward([1f], y, 1);
        Assert.All(y, value => Assert.Equal(expected, value));
    }

    /// <summary>The output, and the gradient of each of both inputs where that of the output is 1.</summary>
    private static double[] Oracle(Weights[] weights, float[] x)
    {
        var (first, second) = (weights[0], weights[1]);
        double[] result = [second.Bias[0], 0, 0];
        for (var row = 0; row < first.Out; row++)
        {
            var z = first.Bias[row] + ((double)first.Values[2 * row] * x[0]) + ((double)first.Values[(2 * row) + 1] * x[1]);
            if (z > 0)
            {
                result[0] += second.Values[row] * z;
                result[1] += (double)second.Values[row] * first.Values[2 * row];
                result[2] += (double)second.Values[row] * first.Values[(2 * row) + 1];
            }
        }

        return result;
    }
}
