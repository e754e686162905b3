using System.Runtime.CompilerServices;

namespace KernelGen.Formats;

/// <summary>Fills a <see cref="BlockFormat"/> or a <see cref="LaneBlockFormat"/>. A block with any active weight is active.</summary>
internal static unsafe class BlockPacker
{
    /// <summary>Units are rows of blocks, steps active blocks.</summary>
    public static PackWork Work(SparseMatrix matrix, BlockFormat format) => Work(matrix, Stored(format));

    /// <inheritdoc cref="Work(SparseMatrix, BlockFormat)"/>
    public static PackWork Work(SparseMatrix matrix, LaneBlockFormat format)
    {
        var blockRows = ((matrix.Rows - 1) / format.Rows) + 1;
        var places = new int[((matrix.Columns - 1) / format.Columns) + 1];
        double blocks = 0;
        for (var blockRow = 0; blockRow < blockRows; blockRow++)
        {
            blocks += RoundUp(CountActive(matrix, format, blockRow, places), format.Together);
        }

        var blockBytes = (format.Rows * format.StoredColumns * sizeof(float)) + sizeof(int);
        return new PackWork(blockRows, blocks, 0, (blocks * blockBytes) + (blockRows * sizeof(int)));
    }

    public static PackArrays Pack(SparseMatrix matrix, BlockFormat format)
        => Pack(matrix, Stored(format));

    public static PackArrays Pack(SparseMatrix matrix, LaneBlockFormat format)
    {
        var blockRows = ((matrix.Rows - 1) / format.Rows) + 1;
        // For each block of one block row: its place among the active ones, or -1.
        var places = new int[((matrix.Columns - 1) / format.Columns) + 1];
        var counts = new AlignedBuffer((long)blockRows * sizeof(int));
        var count = (int*)counts.Pointer;
        long blocks = 0;
        for (var blockRow = 0; blockRow < blockRows; blockRow++)
        {
            blocks += count[blockRow] = RoundUp(CountActive(matrix, format, blockRow, places), format.Together);
        }

        // What pads must be zero.
        var values = AlignedBuffer.OfFloats(blocks * format.Rows * format.StoredColumns);
        var indices = new AlignedBuffer(blocks * sizeof(int), zeroed: false);
        var value = values.Floats;
        var index = (int*)indices.Pointer;
        for (var blockRow = 0; blockRow < blockRows; blockRow++)
        {
            var end = index + count[blockRow];
            index += AreUniform(matrix, format, blockRow)
                ? FillUniform(matrix, format, blockRow, index, value)
                : Fill(matrix, format, blockRow, places, index, value);
            while (index < end)
            {
                *index++ = places.Length * format.Columns;
            }

            value += (nint)count[blockRow] * format.Rows * format.StoredColumns;
        }

        return new PackArrays(values, indices, counts);
    }

    private static LaneBlockFormat Stored(BlockFormat format) => new(1, format.Rows, format.Columns, format.Columns, 1);

    private static int RoundUp(int value, int multiple) => (value + multiple - 1) / multiple * multiple;

    /// <summary>Whether the rows of a block row have the same active columns, so that the first speaks for all.</summary>
    private static bool AreUniform(SparseMatrix matrix, LaneBlockFormat format, int blockRow)
        => matrix.ShareColumns(blockRow * format.Rows, EndRow(matrix, format, blockRow) - (blockRow * format.Rows));

    /// <summary>How many blocks of a block row are active.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int CountActive(SparseMatrix matrix, LaneBlockFormat format, int blockRow, int[] places)
    {
        if (!AreUniform(matrix, format, blockRow))
        {
            return FindActive(matrix, format, blockRow, places);
        }

        var divider = new Divider(format.Columns);
        var (active, last) = (0, -1);
        foreach (var column in matrix.RowColumns(blockRow * format.Rows))
        {
            var block = divider.Quotient(column);
            active += block != last ? 1 : 0;
            last = block;
        }

        return active;
    }

    /// <summary>Gives each block of a block row its place among the active ones, or -1; how many are active.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int FindActive(SparseMatrix matrix, LaneBlockFormat format, int blockRow, int[] places)
    {
        Array.Fill(places, -1);
        var divider = new Divider(format.Columns);
        for (var row = blockRow * format.Rows; row < EndRow(matrix, format, blockRow); row++)
        {
            foreach (var column in matrix.RowColumns(row))
            {
                places[divider.Quotient(column)] = 0;
            }
        }

        var active = 0;
        for (var block = 0; block < places.Length; block++)
        {
            if (places[block] >= 0)
            {
                places[block] = active++;
            }
        }

        return active;
    }

    /// <summary>Fills a block row whose rows have the same active columns; how many blocks those are.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int FillUniform(SparseMatrix matrix, LaneBlockFormat format, int blockRow, int* indices, float* values)
    {
        var (rows, columns, divider) = (format.Rows, format.Columns, new Divider(format.Columns));
        var firstRow = blockRow * rows;
        var present = EndRow(matrix, format, blockRow) - firstRow;
        var rowColumns = matrix.RowColumns(firstRow);
        var (active, last) = (0, -1);
        fixed (float* all = matrix.Values)
        {
            // The rows follow each other, equally long.
            var first = all + matrix.FirstValue(firstRow);
            for (var k = 0; k < rowColumns.Length; k++)
            {
                var block = divider.Quotient(rowColumns[k]);
                if (block != last)
                {
                    indices[active++] = block * columns;
                    last = block;
                }

                var target = values + (((((nint)active - 1) * format.StoredColumns) + rowColumns[k] - (block * columns)) * rows);
                var source = first + k;
                for (var row = 0; row < present; row++, source += rowColumns.Length)
                {
                    target[row] = *source;
                }
            }
        }

        return active;
    }

    /// <summary>Fills a block row; how many of its blocks are active.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Fill(SparseMatrix matrix, LaneBlockFormat format, int blockRow, int[] places, int* indices, float* values)
    {
        var (rows, columns, storedColumns, divider) = (format.Rows, format.Columns, format.StoredColumns, new Divider(format.Columns));
        var active = FindActive(matrix, format, blockRow, places);
        for (var block = 0; block < places.Length; block++)
        {
            if (places[block] >= 0)
            {
                indices[places[block]] = block * columns;
            }
        }

        for (var row = blockRow * rows; row < EndRow(matrix, format, blockRow); row++)
        {
            var rowValues = matrix.RowValues(row);
            var rowColumns = matrix.RowColumns(row);
            var inBlock = row - (blockRow * rows);
            for (var k = 0; k < rowValues.Length; k++)
            {
                var block = divider.Quotient(rowColumns[k]);
                var column = rowColumns[k] - (block * columns);
                values[((((nint)places[block] * storedColumns) + column) * rows) + inBlock] = rowValues[k];
            }
        }

        return active;
    }

    private static int EndRow(SparseMatrix matrix, LaneBlockFormat format, int blockRow)
        => (int)Math.Min(matrix.Rows, ((long)blockRow + 1) * format.Rows);
}
