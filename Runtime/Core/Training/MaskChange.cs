using System.Runtime.CompilerServices;
using KernelGen.Formats;

namespace KernelGen.Training;

/// <summary>What a change of mask does to numbers that belong to active weights: they follow their weights.</summary>
internal sealed class MaskChange
{
    // Where each active weight was among the former ones, or -1.
    private readonly int[] _sources;
    private readonly int _formerCount;

    /// <param name="former">The mask until now.</param>
    /// <param name="next">The mask from now on, of the same shape.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public MaskChange(SparseMatrix former, SparseMatrix next)
    {
        _sources = new int[next.Nonzeros];
        _formerCount = former.Nonzeros;
        for (var row = 0; row < next.Rows; row++)
        {
            var before = former.RowColumns(row);
            var after = next.RowColumns(row);
            var (source, first) = (former.FirstValue(row), next.FirstValue(row));
            var k = 0;
            for (var i = 0; i < after.Length; i++)
            {
                while (k < before.Length && before[k] < after[i])
                {
                    k++;
                }

                _sources[first + i] = k < before.Length && before[k] == after[i] ? source + k : -1;
            }
        }
    }

    /// <summary>Moves numbers in place; those of weights that became active are as if new, and so is what lies behind the last.</summary>
    /// <param name="numbers">One for each active weight, and room for more.</param>
    /// <param name="fresh">What a new one is.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Move(Span<float> numbers, float fresh = 0)
    {
        var former = numbers[.._formerCount].ToArray();
        for (var i = 0; i < _sources.Length; i++)
        {
            numbers[i] = _sources[i] >= 0 ? former[_sources[i]] : fresh;
        }

        numbers[_sources.Length..].Fill(fresh);
    }
}
