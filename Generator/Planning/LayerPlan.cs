using System;
using System.Collections.Generic;
using KernelGen.Generator.Model;

namespace KernelGen.Generator.Planning;

/// <summary>The kinds of kernels that a layer needs.</summary>
/// <param name="Sparse">Kernels for its pattern; null for a dense layer.</param>
/// <param name="Dense">What runs where sparse kernels aren't faster.</param>
internal sealed record LayerPlan(KernelKind? Sparse, KernelKind Dense)
{
    /// <summary>Lanes of the widest target; a long, so that rounding up can't overflow.</summary>
    private const long WidestVector = 16;

    public static LayerPlan Of(LayerSpec layer)
    {
        var slope = layer.Activation == Activation.LeakyRelu ? layer.NegativeSlope : 0;
        var dense = new KernelKind(layer.OutFeatures, layer.InFeatures, new DenseSpec(), layer.Activation, slope);
        SparsitySpec? pattern = layer.Pattern switch
        {
            UnstructuredSpec => new UnstructuredSpec(0),
            NMSpec p => p,
            // A block that reaches beyond the layer is cut there: what lies beyond the widest vector needs no room either.
            BlockSpec p => new BlockSpec(Math.Min(p.Rows, WholeVectors(layer.OutFeatures)), Math.Min(p.Columns, layer.InFeatures), 0),
            _ => null,
        };
        return new LayerPlan(pattern is null ? null : dense with { Pattern = pattern }, dense);
    }

    /// <summary>The kernels of the input's gradient, W^T times the output's.</summary>
    public static LayerPlan OfInputGradient(LayerSpec layer) => Of(layer with
    {
        OutFeatures = layer.InFeatures,
        InFeatures = layer.OutFeatures,
        Activation = Activation.None,
        Pattern = layer.Pattern switch
        {
            DenseSpec dense => dense,
            BlockSpec block => block with { Rows = block.Columns, Columns = block.Rows },
            // N:M along the inputs says nothing of the outputs.
            _ => new UnstructuredSpec(0),
        },
    });

    /// <summary>
    /// The kernels of what the activation takes, where a training step needs that: the slope can't be told from the result. Null where it can.
    /// </summary>
    public static LayerPlan? OfPreactivation(LayerSpec layer)
        => Of(layer).Dense.Fused.HidesSlope ? Of(layer with { Activation = Activation.None }) : null;

    /// <summary>All that a layer of a model needs.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="training">Whether the model is marked for training.</param>
    public static IEnumerable<LayerPlan> All(LayerSpec layer, bool training)
    {
        yield return Of(layer);
        if (training)
        {
            yield return OfInputGradient(layer);
        }

        if (training && OfPreactivation(layer) is { } preactivation)
        {
            yield return preactivation;
        }
    }

    private static int WholeVectors(int rows) => (int)Math.Min(int.MaxValue, (rows + WidestVector - 1) / WidestVector * WidestVector);
}
