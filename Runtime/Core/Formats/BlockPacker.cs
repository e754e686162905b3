namespace KernelGen.Formats;

/// <summary>Fills a <see cref="BlockFormat"/>. A block with any active weight is active.</summary>
internal static unsafe class BlockPacker
{
    /// <summary>Units are rows of blocks, steps active blocks.</summary>
    public static PackWork Work(SparseMatrix matrix, BlockFormat format)
    {
        var blockRows = ((matrix.Rows - 1) / format.Rows) + 1;
        var places = new int[((matrix.Columns - 1) / format.Columns) + 1];
        double blocks = 0;
        for (var blockRow = 0; blockRow < blockRows; blockRow++)
        {
            blocks += FindActive(matrix, format, blockRow, places);
        }

        var blockBytes = (format.Rows * format.Columns * sizeof(float)) + sizeof(int);
        return new PackWork(blockRows, blocks, 0, (blocks * blockBytes) + (blockRows * sizeof(int)));
    }

    public static PackArrays Pack(SparseMatrix matrix, BlockFormat format)
    {
        var blockRows = ((matrix.Rows - 1) / format.Rows) + 1;
        // For each block of one block row: its place among the active ones, or -1.
        var places = new int[((matrix.Columns - 1) / format.Columns) + 1];
        var counts = new AlignedBuffer((long)blockRows * sizeof(int));
        var count = (int*)counts.Pointer;
        long blocks = 0;
        for (var blockRow = 0; blockRow < blockRows; blockRow++)
        {
            blocks += count[blockRow] = FindActive(matrix, format, blockRow, places);
        }

        var values = AlignedBuffer.OfFloats(blocks * format.Rows * format.Columns);
        var indices = new AlignedBuffer(blocks * sizeof(int));
        var value = values.Floats;
        var index = (int*)indices.Pointer;
        for (var blockRow = 0; blockRow < blockRows; blockRow++)
        {
            FindActive(matrix, format, blockRow, places);
            for (var block = 0; block < places.Length; block++)
            {
                if (places[block] >= 0)
                {
                    *index++ = block * format.Columns;
                }
            }

            Fill(matrix, format, blockRow, places, value);
            value += (nint)count[blockRow] * format.Rows * format.Columns;
        }

        return new PackArrays(values, indices, counts);
    }

    private static int FindActive(SparseMatrix matrix, BlockFormat format, int blockRow, int[] places)
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

    private static void Fill(SparseMatrix matrix, BlockFormat format, int blockRow, int[] places, float* values)
    {
        var first = blockRow * format.Rows;
        foreach (var row in RowsOf(matrix, format, blockRow))
        {
            var rowValues = matrix.RowValues(row);
            var rowColumns = matrix.RowColumns(row);
            for (var k = 0; k < rowValues.Length; k++)
            {
                var (block, column) = Math.DivRem(rowColumns[k], format.Columns);
                values[((((nint)places[block] * format.Columns) + column) * format.Rows) + (row - first)] = rowValues[k];
            }
        }
    }

    private static IEnumerable<int> RowsOf(SparseMatrix matrix, BlockFormat format, int blockRow)
    {
        var first = blockRow * format.Rows;
        return Enumerable.Range(first, Math.Min(format.Rows, matrix.Rows - first));
    }
}
