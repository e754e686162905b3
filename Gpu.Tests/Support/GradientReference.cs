using KernelGen.Reference;
using KernelGen.Runtime.Tests;

namespace KernelGen.Gpu.Tests;

/// <summary>Gradients in plain double precision, over active weights alone, each with a bound of what single precision may be off. Batches are row-major.</summary>
internal static class GradientReference
{
    /// <summary>A value, and the sum of the magnitudes of its terms with their number, which bounds the rounding.</summary>
    public readonly record struct Bounded(double Value, double Magnitude, int Terms)
    {
        private const double HalfUlp = 1.0 / (1 << 24);

        public bool Allows(float actual, double relative = 0)
            => double.IsNaN(Value) ? float.IsNaN(actual) : Math.Abs(actual - Value) <= (((Terms + 2) * HalfUlp) + relative) * Magnitude;

        /// <summary>Times a slope, which may be off by a fraction of 1 even where it is small.</summary>
        public Bounded Times(double slope) => new(Value * slope, Magnitude * Math.Max(1, Math.Abs(slope)), Terms);
    }

    /// <summary>dX [batch, in] = W^T dZ.</summary>
    public static Bounded[] Input(Weights weights, float[] dz, int batch)
    {
        var result = new Bounded[batch * weights.In];
        for (var i = 0; i < result.Length; i++)
        {
            var (sample, column) = (i / weights.In, i % weights.In);
            result[i] = Sum(weights.Out, row => weights.Mask[(row * weights.In) + column], row => (double)weights.Values[(row * weights.In) + column] * dz[(sample * weights.Out) + row]);
        }

        return result;
    }

    /// <summary>dW of the active weights, row by row.</summary>
    public static Bounded[] Values(Weights weights, float[] x, float[] dz, int batch)
        => [.. Enumerable.Range(0, weights.Mask.Length)
            .Where(place => weights.Mask[place])
            .Select(place => Sum(batch, _ => true, sample => (double)dz[(sample * weights.Out) + (place / weights.In)] * x[(sample * weights.In) + (place % weights.In)]))];

    /// <summary>db: the sums of dZ over the samples.</summary>
    public static Bounded[] Bias(Weights weights, float[] dz, int batch)
        => [.. Enumerable.Range(0, weights.Out).Select(row => Sum(batch, _ => true, sample => dz[(sample * weights.Out) + row]))];

    /// <summary>An activation's slope at what it takes, by the difference of the oracle's values around it.</summary>
    public static double Slope(LayerDescriptor layer, double z)
    {
        const double Step = 1e-5;
        return layer.Activation switch
        {
            // Not smooth: what torch takes.
            Activation.Relu => z > 0 ? 1 : 0,
            Activation.LeakyRelu => z > 0 ? 1 : layer.NegativeSlope,
            _ => (Value(z + Step) - Value(z - Step)) / (2 * Step),
        };

        double Value(double at) => ActivationReference.Apply(layer.Activation, at, layer.NegativeSlope);
    }

    private static Bounded Sum(int count, Func<int, bool> counts, Func<int, double> term)
    {
        var (sum, magnitude, terms) = (0.0, 0.0, 0);
        for (var i = 0; i < count; i++)
        {
            if (counts(i))
            {
                var value = term(i);
                sum += value;
                magnitude += Math.Abs(value);
                terms++;
            }
        }

        return new Bounded(sum, magnitude, terms);
    }
}
