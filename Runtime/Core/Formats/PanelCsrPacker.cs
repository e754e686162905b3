namespace KernelGen.Formats;

/// <summary>Fills a <see cref="PanelCsrFormat"/>.</summary>
internal static unsafe class PanelCsrPacker
{
    public static PackArrays Pack(SparseMatrix matrix, PanelCsrFormat format)
    {
        var blocks = (matrix.Columns + format.BlockColumns - 1) / format.BlockColumns;
        var values = AlignedBuffer.OfFloats(matrix.Nonzeros);
        var indices = new AlignedBuffer((long)matrix.Nonzeros * sizeof(ushort));
        var counts = new AlignedBuffer((long)blocks * matrix.Rows * sizeof(ushort));

        var value = values.Floats;
        var index = (ushort*)indices.Pointer;
        var count = (ushort*)counts.Pointer;
        // Where each row goes on in the next block.
        var cursors = new int[matrix.Rows];
        for (var block = 0; block < blocks; block++)
        {
            var first = block * format.BlockColumns;
            var end = (long)first + format.BlockColumns;
            for (var row = 0; row < matrix.Rows; row++)
            {
                var rowValues = matrix.RowValues(row);
                var rowColumns = matrix.RowColumns(row);
                var begin = cursors[row];
                var k = begin;
                for (; k < rowValues.Length && rowColumns[k] < end; k++)
                {
                    *value++ = rowValues[k];
                    *index++ = checked((ushort)((rowColumns[k] - first) * format.ColumnStride));
                }

                *count++ = checked((ushort)(k - begin));
                cursors[row] = k;
            }
        }

        return new PackArrays(values, indices, counts);
    }
}
