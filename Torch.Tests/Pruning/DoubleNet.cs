namespace KernelGen.Torch.Tests.Pruning;

/// <summary>A small network in double precision, without torch: tanh between linear layers, and derivatives by central differences.</summary>
internal sealed class DoubleNet(SparseModule module)
{
    private readonly LayerDescriptor[] _layers = [.. module.Layers.Select(layer => layer.Layer)];

    /// <summary>Row-major [out, in] for each layer, pruned ones 0.</summary>
    public double[][] Weights { get; } = [.. module.Layers.Select(layer => layer.ReadWeights().Zip(layer.ReadMask(), (w, m) => m ? (double)w : 0).ToArray())];

    public double[][] Biases { get; } = [.. module.Layers.Select(layer => Values.Of(layer.Bias!).Select(value => (double)value).ToArray())];

    /// <summary>The inputs of each layer, and behind them the model's outputs.</summary>
    public double[][] Run(double[] input)
    {
        List<double[]> activations = [input];
        for (var l = 0; l < _layers.Length; l++)
        {
            var x = activations[^1];
            activations.Add([.. Biases[l].Select((bias, row) =>
            {
                var sum = bias + x.Select((value, column) => Weights[l][(row * x.Length) + column] * value).Sum();
                return _layers[l].Activation == Activation.Tanh ? Math.Tanh(sum) : sum;
            })]);
        }

        return [.. activations];
    }

    public double CrossEntropy(double[] input, int target)
    {
        var logits = Run(input)[^1];
        return Math.Log(logits.Sum(Math.Exp)) - logits[target];
    }

    public double SquaredError(double[] input, double[] target)
        => Run(input)[^1].Zip(target, (a, b) => (a - b) * (a - b)).Sum() / 2;

    /// <summary>The gradient of a loss by some of the network's numbers, which it changes for a moment.</summary>
    public static double[] Gradient(double[] numbers, Func<double> loss, double step = 1e-5)
        => [.. Enumerable.Range(0, numbers.Length).Select(i => Difference(numbers, i, loss, step))];

    /// <summary>The diagonal of the Hessian, likewise.</summary>
    public static double[] Curvature(double[] numbers, Func<double> loss, double step = 1e-3)
        => [.. Enumerable.Range(0, numbers.Length).Select(i =>
        {
            var (below, here, above) = (At(numbers, i, -step, loss), loss(), At(numbers, i, step, loss));
            return (above - (2 * here) + below) / (step * step);
        })];

    /// <summary>The Hessian of a loss over all weights times a direction.</summary>
    public double[][] HessianTimes(double[][] direction, Func<double> loss, double step = 1e-4)
    {
        double[][] GradientAt(double distance)
        {
            Move(distance);
            double[][] gradient = [.. Weights.Select(layer => Gradient(layer, loss))];
            Move(-distance);
            return gradient;
        }

        void Move(double distance)
        {
            for (var l = 0; l < Weights.Length; l++)
            {
                for (var i = 0; i < Weights[l].Length; i++)
                {
                    Weights[l][i] += distance * direction[l][i];
                }
            }
        }

        return [.. GradientAt(step).Zip(GradientAt(-step), (a, b) => a.Zip(b, (x, y) => (x - y) / (2 * step)).ToArray())];
    }

    private static double Difference(double[] numbers, int i, Func<double> loss, double step)
        => (At(numbers, i, step, loss) - At(numbers, i, -step, loss)) / (2 * step);

    private static double At(double[] numbers, int i, double distance, Func<double> loss)
    {
        var before = numbers[i];
        numbers[i] += distance;
        var value = loss();
        numbers[i] = before;
        return value;
    }
}
