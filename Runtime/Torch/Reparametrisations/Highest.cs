using KernelGen.Pruning;
using TorchSharp;
using static TorchSharp.torch;

namespace KernelGen.Torch;

/// <summary>Marks the highest scores of a tensor.</summary>
internal static class Highest
{
    /// <summary>The highest of all, of equal ones the first: bool, of the scores' shape.</summary>
    /// <exception cref="ArgumentException">A score is NaN.</exception>
    public static Tensor Of(Tensor scores, long count)
    {
        using var scope = NewDisposeScope();
        using var withoutGradient = no_grad();
        var own = TensorData.Floats(scores);
        var marks = new bool[own.Length];
        HighestScores.Mark(own, (int)count, marks);
        return from_array(marks).reshape(scores.shape).to(scores.device).MoveToOuterDisposeScope();
    }

    /// <summary>The highest along the last dimension: bool, of the scores' shape.</summary>
    public static Tensor OfRows(Tensor scores, long count)
    {
        using var scope = NewDisposeScope();
        using var withoutGradient = no_grad();
        var places = scores.topk((int)count, dim: -1, sorted: false).indexes;
        return zeros_like(scores, ScalarType.Bool).scatter_(-1, places, ones_like(places, ScalarType.Bool)).MoveToOuterDisposeScope();
    }

    /// <summary>The highest N of every M along the last dimension, of a cut group at its end too: bool [out, in].</summary>
    public static Tensor OfGroups(Tensor scores, int n, int m)
    {
        using var scope = NewDisposeScope();
        using var withoutGradient = no_grad();
        var (rows, columns) = (scores.shape[0], scores.shape[1]);
        var groups = (columns + m - 1) / m;
        // What fills up the last group is below every score.
        var whole = nn.functional.pad(scores, (0L, (groups * m) - columns), value: double.NegativeInfinity);
        return OfRows(whole.reshape(rows, groups, m), n).reshape(rows, groups * m).narrow(1, 0, columns).MoveToOuterDisposeScope();
    }
}
