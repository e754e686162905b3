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

    private static int FindActive(SparseMatrix matrix, LaneBlockFormat format, int blockRow, int[] places)
    {
        Array.Fill(places, -1);
        foreach (var row in RowsOf(matrix, format, blockRow))
        {
            foreach (var column in matrix.RowColumns(row))
            {
                places[column / format.Columns] = 0;
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

    private static void Fill(SparseMatrix matrix, LaneBlockFormat format, int blockRow, int[] places, float* values)
    {
        var first = blockRow * format.Rows;
        foreach (var row in RowsOf(matrix, format, blockRow))
        {
            var rowValues = matrix.RowValues(row);
            var rowColumns = matrix.RowColumns(row);
            for (var k = 0; k < rowValues.Length; k++)
            {
                var (block, column) = Math.DivRem(rowColumns[k], format.Columns);
                values[((((nint)places[block] * format.StoredColumns) + column) * format.Rows) + (row - first)] = rowValues[k];
            }
        }
    }

    private static IEnumerable<int> RowsOf(SparseMatrix matrix, LaneBlockFormat format, int blockRow)
    {
        var first = blockRow * format.Rows;
        return Enumerable.Range(first, Math.Min(format.Rows, matrix.Rows - first));
    }
}
