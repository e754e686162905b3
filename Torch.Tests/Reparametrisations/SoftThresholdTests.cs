using TorchSharp;
using static TorchSharp.torch;

namespace KernelGen.Torch.Tests.Reparametrisations;

public sealed class SoftThresholdTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Values_follow_the_formula_and_gradients_finite_differences(bool perOutput)
    {
        using var scope = NewDisposeScope();
        const int Rows = 6, Columns = 9;
        var layer = Given.Layer(new UnstructuredPattern(0.5), Rows, Columns, seed: 1);
        layer.Reparametrise(own => new SoftThreshold(own, initial: -0.8, decay: 0.1, perOutput));
        layer.to(ScalarType.Float64);
        var method = (SoftThreshold)layer.Reparametrisation!;
        Assert.Equal(perOutput ? [Rows, 1] : [], method.S.shape);
        using (no_grad())
        {
            method.S.add_(perOutput ? linspace(0, 0.5, Rows, ScalarType.Float64).reshape(Rows, 1) : tensor(0.1));
        }

        var weights = TensorData.Read<double>(layer.Weight, ScalarType.Float64);
        var thresholds = TensorData.Read<double>(method.S.expand(Rows, Columns), ScalarType.Float64).Select(s => 1 / (1 + Math.Exp(-s))).ToArray();
        var expected = weights.Zip(thresholds, (w, t) => Math.Sign(w) * Math.Max(0, Math.Abs(w) - t)).ToArray();
        Assert.Contains(0, expected);
        Assert.Contains(expected, x => x != 0);
        Assert.All(TensorData.Read<double>(method.Effective(layer.Weight), ScalarType.Float64).Zip(expected), pair => Assert.Equal(pair.Second, pair.First, 1e-12));

        var input = Values.AsTensor(Values.Random(3, 5 * Columns), 5, Columns).to(ScalarType.Float64);
        Tensor Loss() => layer.call(input).sin().sum() + layer.Penalty()!;
        Loss().backward();
        foreach (var parameter in new[] { layer.Weight, method.S })
        {
            var flat = parameter.reshape(-1);
            var gradient = parameter.grad!.reshape(-1);
            for (var i = 0; i < flat.shape[0]; i++)
            {
                using var withoutGradient = no_grad();
                flat[i].add_(1e-6);
                var above = Loss().item<double>();
                flat[i].sub_(2e-6);
                var below = Loss().item<double>();
                flat[i].add_(1e-6);
                Assert.Equal((above - below) / 2e-6, gradient[i].item<double>(), 1e-6);
            }
        }
    }
}
