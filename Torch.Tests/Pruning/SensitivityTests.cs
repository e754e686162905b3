using KernelGen.Pruning;
using TorchSharp;
using static TorchSharp.torch;

namespace KernelGen.Torch.Tests.Pruning;

/// <summary>Criteria beside what they stand for: the loss itself.</summary>
public sealed class SensitivityTests
{
    // SNIP's own definition: dL/dc at c = 1, where each weight is multiplied by its c.
    [Fact]
    public void Snip_is_the_derivative_by_the_mask()
    {
        using var scope = NewDisposeScope();
        using var module = new SparseModule(Models.AllPatterns(), seed: 1);
        var (x, t) = (Values.AsTensor(Values.Random(2, 32 * 20), 32, 20), arange(32) % 5);
        Tensor[] c = [.. module.Layers.Select(layer => ones(layer.Weight.shape).requires_grad_())];
        var y = x;
        for (var l = 0; l < c.Length; l++)
        {
            y = Activations.Apply(module.Layers[l].Layer, nn.functional.linear(y, module.Layers[l].Weight * c[l], module.Layers[l].Bias));
        }

        nn.functional.cross_entropy(y, t).backward();
        var total = c.Sum(mask => mask.grad!.abs().sum().item<float>());

        var evidence = new Calibration([(x, t)]).Measure(module, Evidence.Gradient);
        var scores = module.Layers.Select((layer, l) => Score(new SnipCriterion(), layer, evidence[l])).ToArray();

        // The paper's score is normalised: up to one factor for the model they are the same.
        var sum = scores.Sum(layer => layer.Sum());
        Assert.All(c, (mask, l) => Assert.Equal(
            Values.Of(mask.grad!.abs() / total), scores[l].Select(score => score / sum), (a, b) => MathF.Abs(a - b) <= 1e-5f * MathF.Max(1e-3f, a)));
    }

    // For least squares whose residuals are +1 and -1 the mean squared gradient is the Hessian's diagonal, the gradient is 0, and 1/2 h w^2 is exactly
    // what the loss gains without the weight.
    [Fact]
    public void Fisher_is_what_the_loss_gains_for_least_squares()
    {
        using var scope = NewDisposeScope();
        using var module = new SparseModule(Models.Single(Models.Layer("Fc1", 6, 1, new UnstructuredPattern(0.5))), seed: 1);
        float[][] inputs = [.. Values.Random(3, 40 * 6).Chunk(6)];
        var net = new DoubleNet(module);
        double[][] x = [.. inputs.Concat(inputs).Select(sample => sample.Select(value => (double)value).ToArray())];
        double[] t = [.. x.Select((sample, i) => net.Run(sample)[^1][0] + (i < inputs.Length ? 1 : -1))];
        double Loss() => x.Select((sample, i) => net.SquaredError(sample, [t[i]])).Average();

        var calibration = new Calibration(
            [(Values.AsTensor([.. x.SelectMany(sample => sample).Select(value => (float)value)], x.Length, 6), Values.AsTensor([.. t.Select(value => (float)value)], t.Length, 1))],
            (outputs, targets) => (outputs - targets).square().sum(1).mean() / 2);
        var evidence = calibration.Measure(module, Evidence.SquaredGradient)[0];
        var scores = Score(new FisherCriterion(), module.Layers[0], evidence);

        var curvature = DoubleNet.Curvature(net.Weights[0], Loss);
        var before = Loss();
        for (var i = 0; i < 6; i++)
        {
            Assert.Equal(curvature[i], evidence.SquaredGradient.Span[i], 1e-5);
            var weight = net.Weights[0][i];
            net.Weights[0][i] = 0;
            Assert.Equal(Loss() - before, scores[i], 1e-5);
            net.Weights[0][i] = weight;
        }
    }

    // A network that is the truth, up to noise of variance 1: the mean squared gradient and the Hessian's diagonal agree in expectation.
    [Fact]
    public void Fisher_is_the_curvature_of_a_trained_network_in_expectation()
    {
        using var scope = NewDisposeScope();
        const int Samples = 8000;
        var model = new ModelDescriptor(
            "Tiny", [Models.Layer("Fc1", 3, 4, new UnstructuredPattern(0.5), Activation.Tanh), Models.Layer("Fc2", 4, 1, new UnstructuredPattern(0.5))]);
        using var module = new SparseModule(model, seed: 1);
        var net = new DoubleNet(module);
        var random = new Random(5);
        double[][] x = [.. Values.Random(4, Samples * 3, scale: 2).Chunk(3).Select(sample => sample.Select(value => (double)value).ToArray())];
        double[] t = [.. x.Select(sample => net.Run(sample)[^1][0] + Normal(random))];
        double Loss() => x.Select((sample, i) => net.SquaredError(sample, [t[i]])).Average();

        var evidence = new Calibration(
            [(Values.AsTensor([.. x.SelectMany(sample => sample).Select(value => (float)value)], Samples, 3), Values.AsTensor([.. t.Select(value => (float)value)], Samples, 1))],
            (outputs, targets) => (outputs - targets).square().sum(1).mean() / 2).Measure(module, Evidence.SquaredGradient);

        for (var l = 0; l < 2; l++)
        {
            var curvature = DoubleNet.Curvature(net.Weights[l], Loss);
            // Means of squares of noise over 8,000 samples: a standard error of 2 to 3% of the largest.
            Assert.All(curvature, (value, i) => Assert.Equal(value, evidence[l].SquaredGradient.Span[i], 0.15 * curvature.Max()));
        }

        static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
    }

    // The expected loss over the labels that a network predicts itself has its Fisher matrix as its Hessian, whatever the network. The Hessian by differences
    // of the loss; the criterion's gradients by differences, too, one for each sample and label, weighed by the label's probability.
    [Fact]
    public void WoodFisher_is_optimal_brain_surgery_on_the_Hessian_of_a_tiny_network()
    {
        using var scope = NewDisposeScope();
        const double Dampening = 1e-3, Step = 1e-3;
        var model = new ModelDescriptor(
            "Tiny", [Models.Layer("Fc1", 3, 3, new UnstructuredPattern(0.5), Activation.Tanh), Models.Layer("Fc2", 3, 3, new UnstructuredPattern(0.5))]);
        using var module = new SparseModule(model, seed: 1);
        var net = new DoubleNet(module);
        double[][] x = [.. Values.Random(3, 20 * 3, scale: 2).Chunk(3).Select(sample => sample.Select(value => (double)value).ToArray())];
        double[][] labels = [.. x.Select(sample => Enumerable.Range(0, 3).Select(c => Math.Exp(-net.CrossEntropy(sample, c))).ToArray())];
        double Loss() => x.Zip(labels, (sample, p) => p.Select((share, c) => share * net.CrossEntropy(sample, c)).Sum()).Average();

        for (var l = 0; l < 2; l++)
        {
            var weights = net.Weights[l];
            double At(int i, int j, double a, double b)
            {
                weights[i] += a;
                weights[j] += b;
                var loss = Loss();
                weights[i] -= a;
                weights[j] -= b;
                return loss;
            }

            var hessian = new double[9, 9];
            for (var i = 0; i < 9; i++)
            {
                for (var j = 0; j < 9; j++)
                {
                    hessian[i, j] = ((At(i, j, Step, Step) - At(i, j, Step, -Step) - At(i, j, -Step, Step) + At(i, j, -Step, -Step)) / (4 * Step * Step)) + (i == j ? Dampening : 0);
                }
            }

            using var inverse = linalg.inv(tensor(hessian));
            var gradients = x.Zip(labels).SelectMany(pair => pair.Second.SelectMany((share, c) =>
                DoubleNet.Gradient(weights, () => net.CrossEntropy(pair.First, c)).Select(g => (float)(g * Math.Sqrt(3 * share)))));
            var evidence = new LayerEvidence { SampleGradients = gradients.ToArray() };
            var criterion = new WoodFisherCriterion(blockSize: 9, dampening: Dampening);
            var scores = Score(criterion, module.Layers[l], evidence);
            var expected = Enumerable.Range(0, 9).Select(q => weights[q] * weights[q] / (2 * inverse[q, q].item<double>())).ToArray();
            Assert.All(expected, (score, q) => Assert.Equal(score, scores[q], 2e-4 * expected.Max()));

            var least = Array.IndexOf(expected, expected.Min());
            var mask = Enumerable.Range(0, 9).Select(i => i != least).ToArray();
            var changed = module.Layers[l].ReadWeights();
            criterion.Compensate(
                new ScoreInput { Layer = module.Layers[l].Layer, Weights = module.Layers[l].ReadWeights(), Mask = module.Layers[l].ReadMask(), Evidence = evidence }, mask, changed);
            Assert.All(changed, (value, i) => Assert.Equal(
                i == least ? 0 : weights[i] - (weights[least] / inverse[least, least].item<double>() * inverse[i, least].item<double>()), value, 1e-3));
        }
    }

    // What GraSP predicts of the squared norm of the gradient when a weight goes a small part of its way to 0: -2 w (H g) of it.
    [Fact]
    public void Grasp_predicts_the_norm_of_the_gradient()
    {
        using var scope = NewDisposeScope();
        var model = new ModelDescriptor(
            "Tiny", [Models.Layer("Fc1", 5, 4, new UnstructuredPattern(0.5), Activation.Tanh), Models.Layer("Fc2", 4, 3, new UnstructuredPattern(0.5))]);
        using var module = new SparseModule(model, seed: 1);
        var net = new DoubleNet(module);
        double[][] x = [.. Values.Random(3, 20 * 5).Chunk(5).Select(sample => sample.Select(value => (double)value).ToArray())];
        double Loss() => x.Select((sample, i) => net.CrossEntropy(sample, i % 3)).Average();
        double Norm() => net.Weights.Sum(layer => DoubleNet.Gradient(layer, Loss).Sum(g => g * g));

        var evidence = new Calibration([(Values.AsTensor([.. x.SelectMany(sample => sample).Select(value => (float)value)], 20, 5), arange(20) % 3)])
            .Measure(module, Evidence.HessianGradient);

        for (var l = 0; l < 2; l++)
        {
            var scores = Score(new GraspCriterion(), module.Layers[l], evidence[l]);
            for (var i = 0; i < scores.Length; i++)
            {
                const double Part = 1e-3;
                var weight = net.Weights[l][i];
                net.Weights[l][i] = weight * (1 + Part);
                var above = Norm();
                net.Weights[l][i] = weight * (1 - Part);
                var change = (Norm() - above) / (2 * Part);
                net.Weights[l][i] = weight;
                Assert.Equal(-2 * scores[i], change, 1e-6);
            }
        }
    }

    private static float[] Score(ICriterion criterion, TrainedLayer layer, LayerEvidence evidence)
    {
        var scores = new float[layer.Layer.WeightCount];
        criterion.Score(new ScoreInput { Layer = layer.Layer, Weights = layer.ReadWeights(), Mask = layer.ReadMask(), Evidence = evidence }, scores);
        return scores;
    }
}
