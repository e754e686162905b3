using Digits.Data;
using KernelGen;
using KernelGen.Torch;
using static TorchSharp.torch;

namespace Study.Training;

/// <summary>Counts right predictions.</summary>
internal static class Evaluation
{
    /// <summary>Of a module, as it was trained.</summary>
    public static int Correct(SparseModule module, LabelledImages images)
    {
        using var scope = NewDisposeScope();
        using var inference = no_grad();
        return module.call(tensor(images.Pixels, [images.Count, images.Features])).argmax(1).eq(tensor(images.Labels)).sum().to(ScalarType.Int32).item<int>();
    }

    /// <summary>Of a model, on the emitted kernels.</summary>
    public static int Correct(ISparseModel model, LabelledImages images)
    {
        var classes = model.Layers[^1].OutFeatures;
        var logits = new float[images.Count * classes];
        model.Forward(images.Pixels, logits, images.Count);
        return Enumerable.Range(0, images.Count).Count(i => IndexOfMax(logits.AsSpan(i * classes, classes)) == images.Labels[i]);
    }

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
