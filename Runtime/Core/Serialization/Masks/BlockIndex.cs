namespace KernelGen.Serialization;

/// <summary>Any other format over whole blocks: the index's cost is divided by the block's size. Edge blocks may be cut.</summary>
/// <param name="BlockRows">Rows of a block.</param>
/// <param name="BlockColumns">Columns of a block.</param>
/// <param name="BlockCount">Active blocks.</param>
/// <param name="Blocks">The format of the grid of blocks.</param>
internal sealed record BlockIndex(int BlockRows, int BlockColumns, int BlockCount, MaskIndex Blocks) : MaskIndex
{
    public override string Name => $"block {BlockRows}x{BlockColumns} {BlockCount} {Blocks.Name}";

    /// <summary>The smallest such format for a mask, or null where a block is active only in part.</summary>
    public static BlockIndex? For(MaskGrid mask, int blockRows, int blockColumns)
    {
        var blocks = BlocksOf(mask, blockRows, blockColumns);
        return CellsOf(blocks, mask.Rows, mask.Columns, blockRows, blockColumns) == mask.Count
            ? new BlockIndex(blockRows, blockColumns, blocks.Count, MaskIndexes.Smallest(blocks))
            : null;
    }

    public override long BitCount(MaskGrid mask) => Blocks.BitCount(BlocksOf(mask, BlockRows, BlockColumns));

    internal override void Write(MaskGrid mask, BitWriter bits) => Blocks.Write(BlocksOf(mask, BlockRows, BlockColumns), bits);

    internal override int[] Read(BitReader bits, int rows, int columns, int count)
    {
        if (BlockCount > count)
        {
            throw new InvalidDataException($"{BlockCount} blocks can't share {count} active cells");
        }

        var (gridRows, gridColumns) = (Parts(rows, BlockRows), Parts(columns, BlockColumns));
        var blocks = new MaskGrid(gridRows, gridColumns, Blocks.Read(bits, gridRows, gridColumns, BlockCount));
        var cells = CellsOf(blocks, rows, columns, BlockRows, BlockColumns);
        if (cells != count)
        {
            throw new InvalidDataException($"the blocks hold {cells} active cells, not {count}");
        }

        var positions = new int[count];
        var next = 0;
        for (int first = 0, end; first < blocks.Count; first = end)
        {
            var blockRow = blocks.Positions[first] / gridColumns;
            for (end = first; end < blocks.Count && blocks.Positions[end] / gridColumns == blockRow;)
            {
                end++;
            }

            var top = blockRow * BlockRows;
            for (var row = top; row < top + Extent(blockRow, BlockRows, rows); row++)
            {
                for (var block = first; block < end; block++)
                {
                    var blockColumn = blocks.Positions[block] % gridColumns;
                    var left = (row * columns) + (blockColumn * BlockColumns);
                    for (var i = 0; i < Extent(blockColumn, BlockColumns, columns); i++)
                    {
                        positions[next++] = left + i;
                    }
                }
            }
        }

        return positions;
    }

    /// <summary>The blocks that hold at least one active cell.</summary>
    private static MaskGrid BlocksOf(MaskGrid mask, int blockRows, int blockColumns)
    {
        var (rows, columns) = (Parts(mask.Rows, blockRows), Parts(mask.Columns, blockColumns));
        var active = new bool[rows * columns];
        foreach (var position in mask.Positions)
        {
            var (row, column) = Math.DivRem(position, mask.Columns);
            active[(row / blockRows * columns) + (column / blockColumns)] = true;
        }

        var positions = new List<int>();
        for (var block = 0; block < active.Length; block++)
        {
            if (active[block])
            {
                positions.Add(block);
            }
        }

        return new MaskGrid(rows, columns, [.. positions]);
    }

    private static long CellsOf(MaskGrid blocks, int rows, int columns, int blockRows, int blockColumns)
    {
        var cells = 0L;
        foreach (var block in blocks.Positions)
        {
            var (row, column) = Math.DivRem(block, blocks.Columns);
            cells += (long)Extent(row, blockRows, rows) * Extent(column, blockColumns, columns);
        }

        return cells;
    }

    private static int Parts(int length, int part) => ((length - 1) / part) + 1;

    private static int Extent(int part, int size, int length) => Math.Min(size, length - (part * size));
}
