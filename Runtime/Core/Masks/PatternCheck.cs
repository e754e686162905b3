using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using KernelGen.Formats;

namespace KernelGen.Masks;

/// <summary>Compares a layer's active weights with the pattern that its annotations declare.</summary>
internal static class PatternCheck
{
    /// <summary>Says what breaks the pattern, naming the first offending row and column in row-major order; null if all is well.</summary>
    public static string? FindViolation(LayerDescriptor layer, SparseMatrix matrix) => layer.Pattern switch
    {
        NMPattern pattern => FindFullGroup(layer.Name, pattern, matrix),
        BlockPattern pattern => FindPartialBlock(layer.Name, pattern, matrix),
        _ => null,
    };

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static string? FindFullGroup(string layer, NMPattern pattern, SparseMatrix matrix)
    {
        var divider = new Divider(pattern.M);
        for (var row = 0; row < matrix.Rows; row++)
        {
            if (KeepsTo(pattern, matrix.RowColumns(row)))
            {
                continue;
            }

            var group = -1;
            var kept = 0;
            foreach (var column in matrix.RowColumns(row))
            {
                if (divider.Quotient(column) != group)
                {
                    group = divider.Quotient(column);
                    kept = 0;
                }

                if (++kept > pattern.N)
                {
                    var first = group * pattern.M;
                    var last = Math.Min(first + pattern.M, matrix.Columns) - 1;
                    return $"Layer '{layer}\' keeps at most {pattern.N} of every {pattern.M} weights of a row, " +
                        $"but the weight at row {row}, column {column} is one more active weight in columns {first} to {last}.";
                }
            }
        }

        return null;
    }

    /// <summary>Whether no group of a row has too many, found without dividing; false also where that isn't known.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool KeepsTo(NMPattern pattern, ReadOnlySpan<int> columns)
    {
        if (!BitOperations.IsPow2(pattern.M))
        {
            return false;
        }

        // Of columns of one group, only the lowest bits differ.
        var together = false;
        var k = 0;
        for (; k + pattern.N + Vector256<int>.Count <= columns.Length; k += Vector256<int>.Count)
        {
            var differ = Vector256.Create(columns[k..]) ^ Vector256.Create(columns[(k + pattern.N)..]);
            together |= Vector256.LessThanAny(differ, Vector256.Create(pattern.M));
        }

        for (; k + pattern.N < columns.Length; k++)
        {
            together |= (columns[k] ^ columns[k + pattern.N]) < pattern.M;
        }

        return !together;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static string? FindPartialBlock(string layer, BlockPattern pattern, SparseMatrix matrix)
    {
        // Active weights of each block in one block row.
        var active = new int[((matrix.Columns - 1) / pattern.Columns) + 1];
        var divider = new Divider(pattern.Columns);
        for (long next = 0; next < matrix.Rows; next += pattern.Rows)
        {
            var firstRow = (int)next;
            var rows = Math.Min(pattern.Rows, matrix.Rows - firstRow);
            if (matrix.ShareColumns(firstRow, rows) && AreWhole(matrix.RowColumns(firstRow), pattern.Columns, matrix.Columns))
            {
                continue;
            }

            Array.Clear(active);
            for (var row = firstRow; row < firstRow + rows; row++)
            {
                foreach (var column in matrix.RowColumns(row))
                {
                    active[divider.Quotient(column)]++;
                }
            }

            for (var block = 0; block < active.Length; block++)
            {
                if (active[block] != 0 && active[block] != rows * Width(block))
                {
                    return Describe(firstRow, rows, active);
                }
            }
        }

        return null;

        int Width(int block) => Math.Min(pattern.Columns, matrix.Columns - (block * pattern.Columns));

        // The first offender in row-major order is an active weight: its block's first row may hold none, another block's may.
        string Describe(int firstRow, int rows, int[] active)
        {
            var (row, column) = Enumerable.Range(firstRow, rows)
                .SelectMany(row => matrix.RowColumns(row).ToArray(), (row, column) => (row, column))
                .First(weight => active[weight.column / pattern.Columns] != rows * Width(weight.column / pattern.Columns));
            var firstColumn = column / pattern.Columns * pattern.Columns;
            return $"Layer '{layer}' keeps or prunes whole blocks of {pattern.Rows}x{pattern.Columns}, " +
                $"but the weight at row {row}, column {column} is active in a block (rows {firstRow} to " +
                $"{firstRow + rows - 1}, columns {firstColumn} to {firstColumn + Width(column / pattern.Columns) - 1}) that isn't wholly active.";
        }
    }

    /// <summary>Whether a row's active columns make whole blocks.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool AreWhole(ReadOnlySpan<int> columns, int blockColumns, int allColumns)
    {
        var divider = new Divider(blockColumns);
        for (var k = 0; k < columns.Length;)
        {
            // Columns ascend: the block is whole if its last column stands where it must.
            var first = divider.Quotient(columns[k]) * blockColumns;
            var width = Math.Min(blockColumns, allColumns - first);
            if (columns[k] != first || k + width > columns.Length || columns[k + width - 1] != first + width - 1)
            {
                return false;
            }

            k += width;
        }

        return true;
    }
}
