using KernelGen.Formats;

namespace KernelGen.Gpu.Formats;

/// <summary>
/// A mask as the kernel of its weight gradient reads it: units of a few weights, window after window of columns, in groups of as many units as a group of
/// threads takes. The last group of a window is filled up with units without weights.
/// </summary>
/// <param name="rows">Rows of a unit.</param>
/// <param name="columns">Columns of a unit.</param>
/// <param name="isScattered">Whether each column of a unit has a place of its own; else they are neighbours.</param>
/// <param name="windowColumns">Columns of a window.</param>
/// <param name="groupUnits">Units of a group.</param>
public sealed class SampledGpuFormat(int rows, int columns, bool isScattered, int windowColumns, int groupUnits)
{
    private const int PlaceBits = 8;

    /// <summary>Lays a mask out.</summary>
    internal SampledGpuArrays Pack(SparseMatrix mask)
    {
        var units = new Units([], [], [], []);
        // Where each row goes on.
        var next = new int[mask.Rows];
        for (var window = 0; (long)window * windowColumns < mask.Columns; window++)
        {
            var end = (int)Math.Min(mask.Columns, (window + 1L) * windowColumns);
            for (var row = 0; row < mask.Rows; row += rows)
            {
                if (isScattered)
                {
                    AddScattered(units, mask, row, window * windowColumns, end, ref next[row]);
                }
                else
                {
                    AddBlocks(units, mask, row, window * windowColumns, end, next);
                }
            }

            FillGroup(units, window);
        }

        return new SampledGpuArrays([.. units.Windows], [.. units.Rows], [.. units.Places], [.. units.Targets]);
    }

    private void AddScattered(Units units, SparseMatrix mask, int row, int firstColumn, int end, ref int next)
    {
        var active = mask.RowColumns(row);
        while (next < active.Length && active[next] < end)
        {
            var (places, targets) = (0, units.Add(row, 0, columns));
            for (var i = 0; i < columns && next < active.Length && active[next] < end; i++, next++)
            {
                places |= (active[next] - firstColumn) << (i * PlaceBits);
                units.Targets[targets + i] = mask.FirstValue(row) + next;
            }

            units.Places[^1] = places;
        }
    }

    private void AddBlocks(Units units, SparseMatrix mask, int firstRow, int firstColumn, int end, int[] next)
    {
        var found = new int[((end - firstColumn - 1) / columns) + 1];
        Array.Fill(found, -1);
        var lastRow = Math.Min(mask.Rows, firstRow + rows);
        for (var row = firstRow; row < lastRow; row++)
        {
            var active = mask.RowColumns(row);
            for (var k = next[row]; k < active.Length && active[k] < end; k++)
            {
                found[(active[k] - firstColumn) / columns] = 0;
            }
        }

        for (var block = 0; block < found.Length; block++)
        {
            found[block] = found[block] == 0 ? units.Add(firstRow, block * columns, rows * columns) : -1;
        }

        for (var row = firstRow; row < lastRow; row++)
        {
            var active = mask.RowColumns(row);
            for (; next[row] < active.Length && active[next[row]] < end; next[row]++)
            {
                var inWindow = active[next[row]] - firstColumn;
                units.Targets[found[inWindow / columns] + ((row - firstRow) * columns) + (inWindow % columns)] = mask.FirstValue(row) + next[row];
            }
        }
    }

    private void FillGroup(Units units, int window)
    {
        while (units.Rows.Count % groupUnits != 0)
        {
            units.Add(0, 0, rows * columns);
        }

        while (units.Windows.Count < units.Rows.Count / groupUnits)
        {
            units.Windows.Add(window);
        }
    }

    private sealed record Units(List<int> Windows, List<int> Rows, List<int> Places, List<int> Targets)
    {
        /// <summary>Adds a unit without weights; where its targets begin.</summary>
        public int Add(int row, int place, int weights)
        {
            Rows.Add(row);
            Places.Add(place);
            var first = Targets.Count;
            for (var i = 0; i < weights; i++)
            {
                Targets.Add(-1);
            }

            return first;
        }
    }
}
