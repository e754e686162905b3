using System.Diagnostics;
using Digits.Data;
using KernelGen;
using KernelGen.Torch;
using static TorchSharp.torch;

namespace Digits.Reporting;

/// <summary>The time of a batch on one thread: the emitted kernels beside TorchSharp's dense layers, in turns.</summary>
/// <param name="Batch">Samples.</param>
/// <param name="Emitted">Median microseconds on the emitted kernels.</param>
/// <param name="Torch">Median microseconds of the dense module in TorchSharp.</param>
/// <param name="Speedup">Median of the ratios, round by round.</param>
internal sealed record BatchTiming(int Batch, double Emitted, double Torch, double Speedup)
{
    private const int Rounds = 31;

    public static BatchTiming Measure(ISparseModel model, SparseModule dense, LabelledImages data, int batch)
    {
        using var scope = NewDisposeScope();
        using var inference = no_grad();
        var pixels = data.Pixels[..(batch * data.Features)];
        var input = tensor(pixels, [batch, data.Features]);
        var output = new float[batch * model.Layers[^1].OutFeatures];

        // As many repetitions as a millisecond or so needs, so that the clock's grain doesn't matter.
        var repetitions = Math.Max(1, 4096 / batch);
        var emitted = new double[Rounds];
        var torch = new double[Rounds];
        for (var round = -5; round < Rounds; round++)
        {
            var mine = Time(repetitions, () => model.Forward(pixels, output, batch));
            var theirs = Time(repetitions, () => dense.forward(input).Dispose());
            if (round >= 0)
            {
                emitted[round] = mine;
                torch[round] = theirs;
            }
        }

        return new BatchTiming(
            batch, Median(emitted), Median(torch), Median([.. emitted.Zip(torch, (mine, theirs) => theirs / mine)]));
    }

    private static double Time(int repetitions, Action action)
    {
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < repetitions; i++)
        {
            action();
        }

        return Stopwatch.GetElapsedTime(start).TotalMicroseconds / repetitions;
    }

    private static double Median(double[] values)
    {
        Array.Sort(values);
        return values[values.Length / 2];
    }
}
