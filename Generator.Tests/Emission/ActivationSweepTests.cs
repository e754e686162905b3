using System.Globalization;
using KernelGen.Generator.Emission.Cpu;

namespace KernelGen.Generator.Tests.Emission;

/// <summary>Every emitted activation on every instruction set of this machine, over all magnitudes, against double.</summary>
public sealed class ActivationSweepTests(ITestOutputHelper output)
{
    private const double SmallestNormal = 1.1754943508222875e-38;

    private static readonly float[] Values = [.. Sweep()];

    public static TheoryData<Activation> Activations => [.. EmittedActivations.All];

    [Theory]
    [MemberData(nameof(Activations))]
    public void An_activation_keeps_its_bounds(Activation activation)
    {
        var expected = Array.ConvertAll(Values, x => ActivationOracle.Of(activation, EmittedActivations.Slope, x));
        foreach (var dialect in Dialect.All.Where(EmittedActivations.IsSupported))
        {
            var worst = Compare(activation, dialect.Name, EmittedActivations.Of(dialect).Apply(activation, Values), expected);
            output.WriteLine($"{activation,-10} {dialect.Name,-7} {worst}");
        }
    }

    private static string Compare(Activation activation, string dialect, float[] actual, double[] expected)
    {
        var (ulps, ulpsAt, error, errorAt) = (0.0, 0f, 0.0, 0f);
        for (var i = 0; i < actual.Length; i++)
        {
            var (x, y, exact) = (Values[i], actual[i], expected[i]);
            if (!float.IsFinite((float)exact) && y.Equals((float)exact))
            {
                continue;
            }

            var difference = Math.Abs(y - exact);
            if (!(difference <= Contract(x, exact) && difference <= Promise(activation, x, exact)))
            {
                Assert.Fail(string.Create(
                    CultureInfo.InvariantCulture, $"{dialect} {activation}({x:R}) = {y:R}, but exactly {exact:R}."));
            }

            var inUlps = difference / Ulp(exact);
            if (inUlps > ulps && Math.Abs(exact) > 128 * SmallestNormal && !(IsGelu(activation) && x < 0))
            {
                (ulps, ulpsAt) = (inUlps, x);
            }

            var relative = difference / Math.Max(1, Math.Abs(x));
            if (relative > error && x < 0)
            {
                (error, errorAt) = (relative, x);
            }
        }

        return string.Create(
            CultureInfo.InvariantCulture, $"{ulps:F2} ulp at {ulpsAt:R}; below 0: {error:E2} max(1, |x|) at {errorAt:R}");
    }

    /// <summary>What every activation must keep.</summary>
    private static double Contract(float x, double exact) => Math.Max(4 * Ulp(exact), 1e-7 * Math.Max(1, Math.Abs((double)x)));

    /// <summary>What the emitted comments say.</summary>
    private static double Promise(Activation activation, float x, double exact) => activation switch
    {
        Activation.None or Activation.Relu => 0,
        Activation.LeakyRelu => 0.5 * Ulp(exact),
        Activation.Gelu when x < 0 => 4e-8 * Math.Max(1, -x),
        Activation.GeluTanh when x < 0 => 4e-8 * Math.Max(1, -x),
        Activation.Gelu or Activation.GeluTanh => 3 * Ulp(exact),
        _ => Math.Max(3 * Ulp(exact), SmallestNormal * Math.Max(1, Math.Abs((double)x))),
    };

    private static bool IsGelu(Activation activation) => activation is Activation.Gelu or Activation.GeluTanh;

    /// <summary>The distance between the floats around a value.</summary>
    private static double Ulp(double value)
    {
        var powerOfTwo = BitConverter.Int64BitsToDouble(BitConverter.DoubleToInt64Bits(value) & 0x7ff0_0000_0000_0000);
        return Math.Max(powerOfTwo, SmallestNormal) * 1.1920928955078125e-7;
    }

    /// <summary>Floats of all magnitudes, a dense middle, and the neighbours of every threshold of the skeletons.</summary>
    private static List<float> Sweep()
    {
        var values = new List<float>(5_300_000);
        for (long bits = 0; bits <= uint.MaxValue; bits += 997)
        {
            values.Add(BitConverter.UInt32BitsToSingle((uint)bits));
        }

        for (var i = -200_000; i <= 200_000; i++)
        {
            values.Add(i * 6e-5f);
            values.Add(i * 5.5e-4f);
        }

        float[] thresholds =
        [
            0f, float.Epsilon, 1.1754944e-38f, 0.17328680f, 0.34657359f, 1f, 6f, 9.0109f, 10f, 87.33654f, 88.02969f, 88.1f,
            88.37626f, 88.72284f, 88.8f, 103.97208f, 1e10f, 1.8446743e19f, float.MaxValue, float.PositiveInfinity, float.NaN,
        ];
        foreach (var threshold in thresholds)
        {
            for (var step = -1000; step <= 1000; step++)
            {
                var value = BitConverter.Int32BitsToSingle(BitConverter.SingleToInt32Bits(threshold) + step);
                values.Add(value);
                values.Add(-value);
            }
        }

        while (values.Count % 16 != 0)
        {
            values.Add(0);
        }

        return values;
    }
}
