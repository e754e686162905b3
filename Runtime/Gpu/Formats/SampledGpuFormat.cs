using KernelGen.Formats;

namespace KernelGen.Gpu.Formats;

/// <summary>
/// A mask as the kernel of its weight gradient reads it: units of a few weights, window after window of columns, in groups of as many units as a group of
/// threads takes. The last group of a window is filled up with units without weights.
/// </summary>
/// <param name="rows">Rows of a unit.</param>
/// <param name="columns">Columns of a unit.</param>
/// <param name="isScattered">Whether each column of a unit has a place of its own; else they are neighbours.</param>
/// <param name="windowColumns">Columns of a window, a multiple of a unit's where those are neighbours.</param>
/// <param name="groupUnits">Units of a group.</param>
public sealed class SampledGpuFormat(int rows, int columns, bool isScattered, int windowColumns, int groupUnits)
{
    private const int PlaceBits = 8;

    /// <summary>Lays a mask out.</summary>
    internal SampledGpuArrays Pack(SparseMatrix mask)
    {
        // Counted first: arrays then have the size that they need.
        var next = new int[((mask.Columns - 1) / windowColumns) + 1];
        Walk(mask, next, null);
        var groups = Array.ConvertAll(next, units => (units + groupUnits - 1) / groupUnits);
        var all = checked(groups.Sum() * groupUnits);
        var arrays = new SampledGpuArrays(new int[groups.Sum()], new int[all], new int[all], new int[checked(all * rows * columns)]);
        Array.Fill(arrays.Targets, -1);
        var first = 0;
        for (var window = 0; window < groups.Length; window++)
        {
            arrays.Windows.AsSpan(first, groups[window]).Fill(window);
            next[window] = first * groupUnits;
            first += groups[window];
        }

        Walk(mask, next, arrays);
        return arrays;
    }

    /// <summary>Opens units for all active weights, each where its window goes on; fills them in where there are arrays, and else only counts.</summary>
    private void Walk(SparseMatrix mask, int[] next, SampledGpuArrays? arrays)
    {
        if (isScattered)
        {
            WalkScattered(mask, next, arrays);
        }
        else
        {
            WalkBlocks(mask, next, arrays);
        }
    }

    private void WalkScattered(SparseMatrix mask, int[] next, SampledGpuArrays? arrays)
    {
        for (var row = 0; row < mask.Rows; row++)
        {
            var active = mask.RowColumns(row);
            var (window, unit, inUnit) = (-1, 0, 0);
            for (var k = 0; k < active.Length; k++, inUnit++)
            {
                if (active[k] / windowColumns != window || inUnit == columns)
                {
                    window = active[k] / windowColumns;
                    unit = Open(next, arrays, window, row, 0);
                    inUnit = 0;
                }

                if (arrays is not null)
                {
                    arrays.Places[unit] |= active[k] % windowColumns << (inUnit * PlaceBits);
                    arrays.Targets[(unit * columns) + inUnit] = mask.FirstValue(row) + k;
                }
            }
        }
    }

    private void WalkBlocks(SparseMatrix mask, int[] next, SampledGpuArrays? arrays)
    {
        // The units of the rows at hand, by their columns; -1 where none is open yet.
        var units = new int[((mask.Columns - 1) / columns) + 1];
        for (var row = 0; row < mask.Rows; row++)
        {
            if (row % rows == 0)
            {
                Array.Fill(units, -1);
            }

            var active = mask.RowColumns(row);
            for (var k = 0; k < active.Length; k++)
            {
                var (block, inBlock) = Math.DivRem(active[k], columns);
                if (units[block] < 0)
                {
                    var (window, place) = Math.DivRem(block * columns, windowColumns);
                    units[block] = Open(next, arrays, window, row - (row % rows), place);
                }

                if (arrays is not null)
                {
                    arrays.Targets[(((units[block] * rows) + (row % rows)) * columns) + inBlock] = mask.FirstValue(row) + k;
                }
            }
        }
    }

    private static int Open(int[] next, SampledGpuArrays? arrays, int window, int row, int place)
    {
        var unit = next[window]++;
        if (arrays is not null)
        {
            (arrays.Rows[unit], arrays.Places[unit]) = (row, place);
        }

        return unit;
    }
}
