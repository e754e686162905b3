namespace KernelGen.Formats;

/// <summary>Fills a <see cref="TileFormat"/>.</summary>
internal static unsafe class TilePacker
{
    /// <summary>Units are tiles, steps their columns.</summary>
    public static PackWork Work(SparseMatrix matrix, TileFormat format)
    {
        double tiles = format.PaddedRows(matrix.Rows) / format.TileRows;
        var steps = tiles * matrix.Columns;
        return new PackWork(tiles, steps, 0, steps * format.TileRows * sizeof(float));
    }

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
