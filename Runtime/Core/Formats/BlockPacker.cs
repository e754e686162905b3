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
            blocks += RoundUp(FindActive(matrix, format, blockRow, places), format.Together);
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
            blocks += count[blockRow] = RoundUp(FindActive(matrix, format, blockRow, places), format.Together);
        }

        var values = AlignedBuffer.OfFloats(blocks * format.Rows * format.StoredColumns);
        var indices = new AlignedBuffer(blocks * sizeof(int));
        var value = values.Floats;
        var index = (int*)indices.Pointer;
        for (var blockRow = 0; blockRow < blockRows; blockRow++)
        {
            var end = index + count[blockRow];
            FindActive(matrix, format, blockRow, places);
            for (var block = 0; block < places.Length; block++)
            {
                if (places[block] >= 0)
                {
                    *index++ = block * format.Columns;
                }
            }

            while (index < end)
            {
                *index++ = places.Length * format.Columns;
            }

            Fill(matrix, format, blockRow, places, value);
            value += (nint)count[blockRow] * format.Rows * format.StoredColumns;
        }

        return new PackArrays(values, indices, counts);
    }

    private static LaneBlockFormat Stored(BlockFormat format) => new(1, format.Rows, format.Columns, format.Columns, 1);

    private static int RoundUp(int value, int multiple) => (value + multiple - 1) / multiple * multiple;

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

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Fill(SparseMatrix matrix, LaneBlockFormat format, int blockRow, int[] places, float* values)
    {
        var (rows, columns, storedColumns, divider) = (format.Rows, format.Columns, format.StoredColumns, new Divider(format.Columns));
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
    }

    private static int EndRow(SparseMatrix matrix, LaneBlockFormat format, int blockRow)
        => (int)Math.Min(matrix.Rows, ((long)blockRow + 1) * format.Rows);
}
