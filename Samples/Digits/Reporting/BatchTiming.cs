using System.Diagnostics;
using Digits.Data;
using Digits.Training;
using KernelGen;
using static TorchSharp.torch;

namespace Digits.Reporting;

/// <summary>
/// Median microseconds of a batch on one thread, in turns: TorchSharp's dense layers, the emitted dense kernels and the emitted
/// sparse ones.
/// </summary>
/// <param name="Batch">Samples.</param>
/// <param name="Torch">The dense module in TorchSharp.</param>
/// <param name="Dense">The dense model on its emitted kernels.</param>
/// <param name="Sparse">The pruned model on its emitted kernels.</param>
/// <param name="FromEmission">Torch over dense, median of the rounds: what emitted kernels bring without sparsity.</param>
/// <param name="FromSparsity">Dense over sparse, median of the rounds: what sparsity brings on top.</param>
internal sealed record BatchTiming(int Batch, double Torch, double Dense, double Sparse, double FromEmission, double FromSparsity)
{
    private const int Rounds = 31;

    public static BatchTiming Measure(SeedResult result, LabelledImages data, int batch)
    {
        using var scope = NewDisposeScope();
        using var inference = no_grad();
        var pixels = data.Pixels[..(batch * data.Features)];
        var input = tensor(pixels, [batch, data.Features]);
        var module = result.Dense.Trained.Module;
        var output = new float[batch * result.Dense.Model.Layers[^1].OutFeatures];
        void Forward(ISparseModel model) => model.Forward(pixels, output, batch);

        // So many that each turn takes milliseconds: the clock's grain doesn't matter.
        var repetitions = Math.Max(1, 4096 / batch);
        var (torch, dense, sparse) = (new double[Rounds], new double[Rounds], new double[Rounds]);
        for (var round = -5; round < Rounds; round++)
        {
            // The first rounds warm up; the next one overwrites their times.
            var i = Math.Max(0, round);
            torch[i] = Time(repetitions, () => module.forward(input).Dispose());
            dense[i] = Time(repetitions, () => Forward(result.Dense.Model));
            sparse[i] = Time(repetitions, () => Forward(result.Sparse.Model));
        }

        return new BatchTiming(batch, Median(torch), Median(dense), Median(sparse), Ratio(torch, dense), Ratio(dense, sparse));
    }

    private static double Ratio(double[] slow, double[] fast) => Median(slow.Zip(fast, (s, f) => s / f));

    private static double Time(int repetitions, Action action)
    {
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < repetitions; i++)
        {
            action();
        }

        return Stopwatch.GetElapsedTime(start).TotalMicroseconds / repetitions;
    }

    private static double Median(IEnumerable<double> values) => values.Order().ElementAt(Rounds / 2);
}
