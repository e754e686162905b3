using KernelGen.Pruning;

namespace KernelGen.Runtime.Tests.Pruning;

/// <summary>A layer of 3 outputs and 4 inputs, small enough to compute by hand. The weight at row 2, column 1 is pruned.</summary>
internal static class Case3x4
{
    public static LayerDescriptor Layer { get; } = Given.Layer("Fc1", inputs: 4, outputs: 3, new UnstructuredPattern(0.5));

    public static float[] Weights { get; } =
    [
        1, -2, 3, 0.5f,
        -1, 2, -0.5f, 4,
        2, 1, -3, -1,
    ];

    public static bool[] Mask { get; } =
    [
        true, true, true, true,
        true, true, true, true,
        true, false, true, true,
    ];

    /// <summary>Numbers of the weights' shape: a gradient, or whatever a criterion takes.</summary>
    public static float[] Numbers { get; } =
    [
        0.5f, 1, -1, 2,
        2, -0.5f, 4, 0.25f,
        1, 9, 0.5f, -2,
    ];

    /// <summary>Numbers times weights; the pruned one left out.</summary>
    public static float[] Products { get; } =
    [
        0.5f, -2, -3, 1,
        -2, -1, -2, 1,
        2, 0, -1.5f, 2,
    ];

    /// <summary>The scores of the active weights; 0 for the pruned one.</summary>
    public static float[] Score(ICriterion criterion, LayerEvidence evidence, BlockGrid? units = null)
    {
        var scores = new float[12];
        var input = new ScoreInput { Layer = Layer, Weights = Weights, Mask = Mask, Evidence = evidence };
        criterion.Score(units is { } grid ? input with { Units = grid } : input, scores);
        return [.. scores.Select((score, i) => Mask[i] ? score : 0)];
    }
}
