using KernelGen.Torch;
using static TorchSharp.torch;

namespace Study.Training;

/// <summary>Training images that a criterion looks at: as many of each class, drawn by the run's seed.</summary>
internal static class CalibrationBatches
{
    /// <summary>Prepares a calibration on a batch.</summary>
    /// <param name="run">The run.</param>
    /// <param name="samplesPerClass">Images of each class.</param>
    /// <param name="temperature">What logits are divided by in the loss.</param>
    public static Calibration Of(RunContext run, int samplesPerClass, double temperature = 1)
    {
        var order = Enumerable.Range(0, run.Train.Count).ToArray();
        new Random(run.Seed).Shuffle(order);
        var chosen = order.GroupBy(i => run.Train.Labels[i]).SelectMany(images => images.Take(samplesPerClass)).ToArray();
        var pixels = new float[chosen.Length * run.Train.Features];
        for (var i = 0; i < chosen.Length; i++)
        {
            run.Train.Pixels.AsSpan(chosen[i] * run.Train.Features, run.Train.Features).CopyTo(pixels.AsSpan(i * run.Train.Features));
        }

        var inputs = tensor(pixels, [chosen.Length, run.Train.Features]);
        var targets = tensor(chosen.Select(i => run.Train.Labels[i]).ToArray());
        return new Calibration([(inputs, targets)], (outputs, labels) => nn.functional.cross_entropy(outputs / temperature, labels)) { SampleLimit = chosen.Length };
    }
}
