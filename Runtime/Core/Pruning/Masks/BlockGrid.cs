namespace KernelGen.Pruning;

/// <summary>A matrix cut into blocks; the last block row and block column may be cut. Blocks are numbered row by row.</summary>
public readonly record struct BlockGrid
{
    /// <summary>Cuts a matrix into blocks.</summary>
    /// <param name="rows">Rows (outputs) of the matrix.</param>
    /// <param name="columns">Columns (inputs) of the matrix.</param>
    /// <param name="blockRows">Rows of a full block.</param>
    /// <param name="blockColumns">Columns of a full block.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size lies below 1.</exception>
    public BlockGrid(int rows, int columns, int blockRows, int blockColumns)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(blockRows, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(blockColumns, 1);
        Rows = rows;
        Columns = columns;
        BlockRows = blockRows;
        BlockColumns = blockColumns;
    }

    /// <summary>Rows of the matrix.</summary>
    public int Rows { get; }

    /// <summary>Columns of the matrix.</summary>
    public int Columns { get; }

    /// <summary>Rows of a full block.</summary>
    public int BlockRows { get; }

    /// <summary>Columns of a full block.</summary>
    public int BlockColumns { get; }

    /// <summary>Blocks beside each other, the cut one included.</summary>
    public int BlocksAcross => ((Columns - 1) / BlockColumns) + 1;

    /// <summary>Blocks below each other, the cut one included.</summary>
    public int BlocksDown => ((Rows - 1) / BlockRows) + 1;

    /// <summary>All blocks.</summary>
    public int Count => checked(BlocksDown * BlocksAcross);

    /// <summary>The matrix's elements.</summary>
    internal int Length => checked(Rows * Columns);

    /// <summary>The first block of the row of blocks that holds a row.</summary>
    internal int FirstBlock(int row) => row / BlockRows * BlocksAcross;

    /// <summary>The elements of a row that belong to a block across: from the first to before the last.</summary>
    internal (int Start, int End) Cells(int row, int across)
    {
        var start = row * Columns;
        var first = across * BlockColumns;
        return (start + first, start + (int)Math.Min((long)first + BlockColumns, Columns));
    }
}
