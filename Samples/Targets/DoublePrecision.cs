using Digits.Data;
using KernelGen;

namespace Targets;

/// <summary>The model in plain loops in double precision, which share nothing with the kernels but the weights.</summary>
internal static class DoublePrecision
{
    /// <summary>Logits [images, classes].</summary>
    public static double[] Logits(ISparseModel model, LabelledImages images)
    {
        var activations = Array.ConvertAll(images.Pixels, pixel => (double)pixel);
        foreach (var layer in model.Layers)
        {
            activations = Forward(layer, activations, images.Count);
        }

        return activations;
    }

    private static double[] Forward(Linear layer, double[] x, int batch)
    {
        var (rows, columns) = (layer.OutFeatures, layer.InFeatures);
        var (weights, bias) = (new float[rows * columns], new float[rows]);
        layer.GetWeights(weights);
        layer.GetBias(bias);
        var y = new double[batch * rows];
        for (var i = 0; i < y.Length; i++)
        {
            var (sample, row) = (i / rows, i % rows);
            double sum = bias[row];
            for (var column = 0; column < columns; column++)
            {
                sum += weights[(row * columns) + column] * x[(sample * columns) + column];
            }

            y[i] = layer.Descriptor.Activation switch
            {
                Activation.Relu => Math.Max(0, sum),
                Activation.None => sum,
                var other => throw new NotSupportedException($"The reference knows no {other}."),
            };
        }

        return y;
    }
}
