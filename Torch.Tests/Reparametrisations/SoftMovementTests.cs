using TorchSharp;
using static TorchSharp.torch;

namespace KernelGen.Torch.Tests.Reparametrisations;

public sealed class SoftMovementTests
{
    private const double Threshold = 0.3;

    [Theory]
    [InlineData(PruningUnit.Pattern, false)]
    [InlineData(PruningUnit.Output, false)]
    [InlineData(PruningUnit.Input, false)]
    [InlineData(PruningUnit.Pattern, true)]
    [InlineData(PruningUnit.Output, true)]
    public void Values_follow_the_formula_and_gradients_finite_differences(PruningUnit unit, bool blocks)
    {
        using var scope = NewDisposeScope();
        const int Rows = 5, Columns = 8;
        const double Strength = 0.4;
        var (height, width) = (unit, blocks) switch
        {
            (PruningUnit.Output, _) => (blocks ? 2 : 1, Columns),
            (PruningUnit.Input, _) => (Rows, 1),
            _ => blocks ? (2, 3) : (1, 1),
        };
        var (down, across) = ((Rows + height - 1) / height, (Columns + width - 1) / width);
        int Unit(int i) => (i / Columns / height * across) + (i % Columns / width);

        var layer = Given.Layer(blocks ? new BlockPattern(2, 3, 0.5) : new UnstructuredPattern(0.5), Rows, Columns, seed: 1);
        layer.Reparametrise(own => new SoftMovement(own, Strength, Threshold, unit: unit));
        layer.to(ScalarType.Float64);
        var method = (SoftMovement)layer.Reparametrisation!;
        Assert.Equal([down, across], method.Scores.shape);
        Assert.Equal(Rows * Columns, layer.ActiveCount);
        // One weight or block is pruned beforehand, and doesn't count.
        bool[] mask = [.. Enumerable.Range(0, Rows * Columns).Select(i => blocks ? i / Columns > 1 || i % Columns > 2 : i != Columns + 2)];
        // Around the threshold, and none near it: logit(0.3) is -0.85.
        var scores = Values.Random(2, down * across).Select(s => -0.85 + (Math.Sign(s) * (0.1 + Math.Abs(s)))).ToArray();
        using (no_grad())
        {
            method.Scores.copy_(tensor(scores).reshape(down, across));
            layer.Mask!.copy_(tensor(mask).reshape(Rows, Columns));
        }

        var weights = Read(layer.ActiveWeight());
        double Sigmoid(double s) => 1 / (1 + Math.Exp(-s));
        bool[] open = [.. Enumerable.Range(0, weights.Length).Select(i => Sigmoid(scores[Unit(i)]) > Threshold)];
        Assert.Contains(false, open);
        Assert.Contains(true, open);
        var expected = weights.Zip(open, (w, isOpen) => isOpen ? w : 0).ToArray();
        Assert.Equal(expected, Read(method.Effective(layer.ActiveWeight())));
        var penalty = Strength * Enumerable.Range(0, weights.Length).Where(i => mask[i]).Sum(i => Sigmoid(scores[Unit(i)]));
        Assert.Equal(penalty, layer.Penalty()!.item<double>(), 1e-12);

        // dL/dW' by differences, through a layer of plain weights; then dL/dw = m dL/dW', and dL/ds = the sum of w dL/dW' and the penalty's slope.
        var input = Values.AsTensor(Values.Random(3, 4 * Columns), 4, Columns).to(ScalarType.Float64);
        Tensor Loss(Tensor product) => product.sin().square().sum();
        double LossAt(double[] effective) => Loss(nn.functional.linear(input, tensor(effective).reshape(Rows, Columns), layer.Bias!)).item<double>();
        var slopes = Enumerable.Range(0, weights.Length).Select(i =>
        {
            var (above, below) = (expected.ToArray(), expected.ToArray());
            above[i] += 1e-6;
            below[i] -= 1e-6;
            return (LossAt(above) - LossAt(below)) / 2e-6;
        }).ToArray();
        (Loss(layer.call(input)) + layer.Penalty()!).backward();
        var ofWeights = Read(layer.Weight.grad!);
        Assert.All(Enumerable.Range(0, weights.Length), i => Assert.Equal(open[i] && mask[i] ? slopes[i] : 0, ofWeights[i], 1e-6));
        var ofScores = Read(method.Scores.grad!);
        var counts = Enumerable.Range(0, weights.Length).Where(i => mask[i]).CountBy(Unit).ToDictionary();
        Assert.All(Enumerable.Range(0, scores.Length), u => Assert.Equal(
            Enumerable.Range(0, weights.Length).Where(i => Unit(i) == u).Sum(i => weights[i] * slopes[i])
                + (Strength * counts.GetValueOrDefault(u) * Sigmoid(scores[u]) * (1 - Sigmoid(scores[u]))),
            ofScores[u],
            1e-6));

        bool[] left = [.. open.Zip(mask, (isOpen, isActive) => isOpen && isActive)];
        Assert.Equal(left.Count(isActive => isActive), layer.ActiveCount);
        layer.Commit();
        Assert.Equal(left, layer.ReadMask());
        Assert.Equal(expected, Read(layer.Weight));
    }

    [Fact]
    public void A_pruned_weight_comes_back_when_its_score_rises_again()
    {
        using var scope = NewDisposeScope();
        var layer = Given.Layer(new UnstructuredPattern(0.5), 1, 2, seed: 1);
        layer.Reparametrise(own => new SoftMovement(own, strength: 0));
        var method = (SoftMovement)layer.Reparametrisation!;
        Values.Set(layer, [0.5f, -0.25f], [true, true], [0]);
        using (no_grad())
        {
            method.Scores.fill_(-3);
        }

        Assert.Equal(0, layer.ActiveCount);
        // The loss falls with w1 and rises with w2: both would move away from 0.
        using var optimizer = optim.SGD(method.parameters(), 1);
        for (var step = 0; step < 4; step++)
        {
            optimizer.zero_grad();
            (-layer.call(Values.AsTensor([1, -1], 1, 2)).sum()).backward();
            optimizer.step();
        }

        // -3 + 4 * 0.5 and -3 + 4 * 0.25, beside logit(0.1) = -2.197.
        Assert.Equal([-1, -2], Values.Of(method.Scores));
        Assert.Equal(2, layer.ActiveCount);
    }

    [Fact]
    public void What_does_not_fit_says_so()
    {
        using var scope = NewDisposeScope();
        var layer = Given.Layer(new UnstructuredPattern(0.5), 4, 4, 1);
        Assert.Contains("'Fc1' is declared", Assert.Throws<ArgumentException>(() => new SoftMovement(Given.Layer(new NMPattern(2, 4), 4, 4, 1), 1)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new SoftMovement(layer, -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new SoftMovement(layer, double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => new SoftMovement(layer, 1, threshold: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new SoftMovement(layer, 1, threshold: 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new SoftMovement(layer, 1, initial: double.NaN));
        var message = Assert.Throws<ArgumentOutOfRangeException>(() => new SoftMovement(layer, 1, threshold: 0.5)).Message;
        Assert.Contains("'Fc1'", message, StringComparison.Ordinal);
        Assert.Contains("above 0,", message, StringComparison.Ordinal);
        Assert.Equal(16, new SoftMovement(layer, 1, threshold: 0.5, initial: 0.01).Scores.count_nonzero().item<long>());
    }

    private static double[] Read(Tensor tensor) => TensorData.Read<double>(tensor, ScalarType.Float64);
}
