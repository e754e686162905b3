using System.Runtime.CompilerServices;
using KernelGen.Formats;

namespace KernelGen.Training;

/// <summary>
/// Where each row's active weights begin in each part of <see cref="PartColumns"/> columns, among all of them, row by row: how far behind that a weight
/// stands fits a byte.
/// </summary>
internal sealed class PartStarts
{
    /// <summary>Columns of a part.</summary>
    public const int PartColumns = 256;

    private readonly int[] _starts;
    private readonly int _rows;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public PartStarts(SparseMatrix mask)
    {
        var parts = ((mask.Columns - 1) / PartColumns) + 1;
        _rows = mask.Rows;
        _starts = new int[parts * mask.Rows];
        for (var row = 0; row < mask.Rows; row++)
        {
            var columns = mask.RowColumns(row);
            var k = 0;
            for (var part = 0; part < parts; part++)
            {
                while (k < columns.Length && columns[k] < part * PartColumns)
                {
                    k++;
                }

                _starts[(part * _rows) + row] = mask.FirstValue(row) + k;
            }
        }
    }

    /// <summary>Bytes of it.</summary>
    public long Bytes => (long)_starts.Length * sizeof(int);

    /// <summary>Where the part begins in which a column lies, for each row.</summary>
    public ReadOnlySpan<int> OfColumn(int column) => _starts.AsSpan(column / PartColumns * _rows, _rows);
}
