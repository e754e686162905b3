namespace KernelGen.Formats;

/// <summary>Fills a <see cref="TileFormat"/>.</summary>
internal static unsafe class TilePacker
{
    public static PackArrays Pack(SparseMatrix matrix, TileFormat format)
    {
        var tileRows = format.TileRows;
        var values = AlignedBuffer.OfFloats((long)format.PaddedRows(matrix.Rows) * matrix.Columns);
        for (var row = 0; row < matrix.Rows; row++)
        {
            var tile = values.Floats + ((nint)(row / tileRows) * tileRows * matrix.Columns) + (row % tileRows);
            var rowValues = matrix.RowValues(row);
            var rowColumns = matrix.RowColumns(row);
            for (var k = 0; k < rowValues.Length; k++)
            {
                tile[(nint)rowColumns[k] * tileRows] = rowValues[k];
            }
        }

        return new PackArrays(values, new AlignedBuffer(0), new AlignedBuffer(0));
    }
}
