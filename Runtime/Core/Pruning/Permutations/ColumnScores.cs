using System.Runtime.Intrinsics;

namespace KernelGen.Pruning;

/// <summary>The scores of a matrix, column by column, so that a vector holds eight rows of one column.</summary>
internal sealed class ColumnScores
{
    // Sums of so many vectors round little in single precision; their sums are double.
    private const int Run = 32;

    private const int MostOnStack = 256;

    private readonly Vector256<float>[] _values;
    private readonly int _height;

    /// <summary>Transposes scores; rows are filled up with zeros, which add nothing.</summary>
    public ColumnScores(ReadOnlySpan<float> scores, int columns)
    {
        var rows = scores.Length / columns;
        _height = (rows + Vector256<float>.Count - 1) / Vector256<float>.Count;
        _values = new Vector256<float>[columns * _height];
        for (var row = 0; row < rows; row++)
        {
            var (vector, lane) = Math.DivRem(row, Vector256<float>.Count);
            for (var column = 0; column < columns; column++)
            {
                ref var target = ref _values[(column * _height) + vector];
                target = target.WithElement(lane, scores[(row * columns) + column]);
            }
        }
    }

    /// <summary>The sum over all rows of the n highest scores among some columns; equal on every machine.</summary>
    public double Kept(ReadOnlySpan<int> columns, int n)
    {
        var kept = Math.Min(n, columns.Length);
        Span<Vector256<float>> top = kept <= MostOnStack ? stackalloc Vector256<float>[kept] : new Vector256<float>[kept];
        var total = 0.0;
        for (var from = 0; from < _height; from += Run)
        {
            var sum = Vector256<float>.Zero;
            for (var vector = from; vector < Math.Min(from + Run, _height); vector++)
            {
                top.Fill(Vector256.Create(float.NegativeInfinity));
                foreach (var column in columns)
                {
                    var score = _values[(column * _height) + vector];
                    for (var place = 0; place < top.Length; place++)
                    {
                        var lower = Vector256.Min(top[place], score);
                        top[place] = Vector256.Max(top[place], score);
                        score = lower;
                    }
                }

                foreach (var highest in top)
                {
                    sum += highest;
                }
            }

            // Lane by lane: an order that every machine keeps.
            for (var lane = 0; lane < Vector256<float>.Count; lane++)
            {
                total += sum.GetElement(lane);
            }
        }

        return total;
    }
}
