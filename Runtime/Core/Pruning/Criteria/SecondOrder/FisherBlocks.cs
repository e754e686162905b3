namespace KernelGen.Pruning;

/// <summary>
/// Cuts a layer into blocks of consecutive weights, row-major. A block is a part of one row or several whole rows; it holds whole groups
/// of an N:M row, and of a block of weights whole rows.
/// </summary>
internal static class FisherBlocks
{
    public static IEnumerable<(int Start, int Length)> Of(LayerDescriptor layer, int blockSize)
    {
        var (rows, columns) = (layer.OutFeatures, layer.InFeatures);
        if (columns <= blockSize)
        {
            var together = blockSize / columns;
            for (var row = 0; row < rows; row += together)
            {
                yield return (row * columns, Math.Min(together, rows - row) * columns);
            }

            yield break;
        }

        var unit = layer.Pattern switch
        {
            NMPattern groups => groups.M,
            BlockPattern blocks => blocks.Columns,
            _ => 1,
        };
        var size = unit <= blockSize ? blockSize - (blockSize % unit) : blockSize;
        for (var row = 0; row < rows; row++)
        {
            for (var column = 0; column < columns; column += size)
            {
                yield return ((row * columns) + column, Math.Min(size, columns - column));
            }
        }
    }
}
