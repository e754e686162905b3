using Digits.Data;
using KernelGen;
using KernelGen.Torch;
using static TorchSharp.torch;

namespace Digits.Training;

/// <summary>Logits and accuracy, by TorchSharp and by the emitted kernels.</summary>
internal static class Evaluation
{
    public static double Accuracy(SparseModule module, LabelledImages data) => Accuracy(Logits(module, data), data);

    public static float[] Logits(SparseModule module, LabelledImages data)
    {
        using var scope = NewDisposeScope();
        using var inference = no_grad();
        return module.forward(tensor(data.Pixels, [data.Count, data.Features])).data<float>().ToArray();
    }

    public static float[] Logits(ISparseModel model, LabelledImages data)
    {
        var logits = new float[data.Count * model.Layers[^1].OutFeatures];
        model.Forward(data.Pixels, logits, data.Count);
        return logits;
    }

    public static double Accuracy(float[] logits, LabelledImages data)
    {
        var classes = logits.Length / data.Count;
        var right = 0;
        for (var i = 0; i < data.Count; i++)
        {
            var row = logits.AsSpan(i * classes, classes);
            right += IndexOfMax(row) == data.Labels[i] ? 1 : 0;
        }

        return (double)right / data.Count;
    }

    public static double LargestDifference(float[] left, float[] right)
        => left.Zip(right, (a, b) => (double)Math.Abs(a - b)).Max();

    private static int IndexOfMax(ReadOnlySpan<float> values)
    {
        var best = 0;
        for (var i = 1; i < values.Length; i++)
        {
            best = values[i] > values[best] ? i : best;
        }

        return best;
    }
}
