namespace KernelGen.Torch.Tests;

/// <summary>What a layer computes, in double and without torch.</summary>
internal static class Oracle
{
    /// <summary>activation(x (W * mask)^T + b) for a row-major batch.</summary>
    public static double[] Linear(LayerDescriptor layer, float[] input, float[] weights, bool[]? mask, float[]? bias)
    {
        var batch = input.Length / layer.InFeatures;
        var output = new double[batch * layer.OutFeatures];
        for (var sample = 0; sample < batch; sample++)
        {
            for (var row = 0; row < layer.OutFeatures; row++)
            {
                double sum = bias?[row] ?? 0;
                for (var column = 0; column < layer.InFeatures; column++)
                {
                    var at = (row * layer.InFeatures) + column;
                    sum += mask is null || mask[at] ? (double)weights[at] * input[(sample * layer.InFeatures) + column] : 0;
                }

                output[(sample * layer.OutFeatures) + row] = Activate(layer, sum);
            }
        }

        return output;
    }

    private static double Activate(LayerDescriptor layer, double x) => layer.Activation switch
    {
        Activation.None => x,
        Activation.Relu => Math.Max(0, x),
        Activation.LeakyRelu => x >= 0 ? x : layer.NegativeSlope * x,
        Activation.Gelu => x / 2 * (1 + Erf(x / Math.Sqrt(2))),
        Activation.GeluTanh => x / 2 * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (x + (0.044715 * x * x * x)))),
        Activation.Sigmoid => 1 / (1 + Math.Exp(-x)),
        Activation.Tanh => Math.Tanh(x),
        Activation.Silu => x / (1 + Math.Exp(-x)),
        _ => throw new ArgumentOutOfRangeException(nameof(layer)),
    };

    // 2/sqrt(pi) times the integral of exp(-t^2) from 0 to x, by Simpson's rule.
    private static double Erf(double x)
    {
        const int Intervals = 2000;
        var h = x / Intervals;
        var sum = 0.0;
        for (var i = 0; i <= Intervals; i++)
        {
            var t = i * h;
            var factor = i is 0 or Intervals ? 1 : i % 2 == 1 ? 4 : 2;
            sum += factor * Math.Exp(-t * t);
        }

        return 2 / Math.Sqrt(Math.PI) * sum * h / 3;
    }
}
