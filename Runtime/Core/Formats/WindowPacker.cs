namespace KernelGen.Formats;

/// <summary>
/// Fills a <see cref="WindowFormat"/>: the next window begins where the row that is farthest behind goes on, so that rows that are ahead by less
/// than a window don't wait.
/// </summary>
internal sealed unsafe class WindowPacker
{
    private readonly SparseMatrix _matrix;
    private readonly WindowFormat _format;
    private readonly int[] _order;

    // Of each lane: its row's next nonzero.
    private readonly int[] _next;

    private WindowPacker(SparseMatrix matrix, WindowFormat format)
    {
        _matrix = matrix;
        _format = format;
        _order = [.. Enumerable.Range(0, matrix.Rows).OrderByDescending(row => matrix.RowColumns(row).Length)];
        _next = new int[format.Lanes];
    }

    private int Tiles => (_matrix.Rows + _format.Lanes - 1) / _format.Lanes;

    public static PackArrays Pack(SparseMatrix matrix, WindowFormat format) => new WindowPacker(matrix, format).Pack();

    private PackArrays Pack()
    {
        var windows = new List<int>();
        var windowsOfTile = new int[Tiles];
        for (var tile = 0; tile < Tiles; tile++)
        {
            Array.Clear(_next);
            while (FirstColumn(tile) is var first && first < int.MaxValue)
            {
                windows.Add(first);
                windowsOfTile[tile]++;
                for (var lane = 0; lane < _format.Lanes; lane++)
                {
                    _next[lane] += Taken(tile, lane, first);
                }
            }
        }

        var words = (_format.Steps + _format.Index.StepsPerWord() - 1) / _format.Index.StepsPerWord();
        var arrays = new PackArrays(
            AlignedBuffer.OfFloats((long)windows.Count * _format.Steps * _format.Lanes),
            new AlignedBuffer((long)windows.Count * words * _format.Lanes * _format.Index.WordBytes()),
            new AlignedBuffer((((long)Tiles * (_format.Lanes + 1)) + windows.Count) * sizeof(int)));
        var count = (int*)arrays.Counts.Pointer;
        var window = 0;
        for (var tile = 0; tile < Tiles; tile++)
        {
            Array.Clear(_next);
            for (var lane = 0; lane < _format.Lanes; lane++)
            {
                *count++ = RowOf(tile, lane);
            }

            *count++ = windowsOfTile[tile];
            for (var end = window + windowsOfTile[tile]; window < end; window++)
            {
                *count++ = windows[window];
                var values = arrays.Values.Floats + ((nint)window * _format.Steps * _format.Lanes);
                var indices = arrays.Indices.Pointer + ((nint)window * words * _format.Lanes * _format.Index.WordBytes());
                Fill(tile, windows[window], values, indices);
            }
        }

        return arrays;
    }

    private void Fill(int tile, int first, float* values, byte* indices)
    {
        var stepsPerWord = _format.Index.StepsPerWord();
        for (var lane = 0; lane < _format.Lanes; lane++)
        {
            var taken = Taken(tile, lane, first);
            for (var step = 0; step < _format.Steps; step++)
            {
                var column = 0;
                if (step < taken)
                {
                    column = _matrix.RowColumns(RowOf(tile, lane))[_next[lane] + step] - first;
                    values[(step * _format.Lanes) + lane] = _matrix.RowValues(RowOf(tile, lane))[_next[lane] + step];
                }

                var word = ((step / stepsPerWord) * _format.Lanes) + lane;
                _format.Index.Write(indices + (word * _format.Index.WordBytes()), step % stepsPerWord, column);
            }

            _next[lane] += taken;
        }
    }

    /// <summary>The first column that any row of the tile has left; int.MaxValue where none has.</summary>
    private int FirstColumn(int tile)
    {
        var first = int.MaxValue;
        for (var lane = 0; lane < _format.Lanes; lane++)
        {
            var columns = Columns(tile, lane);
            first = _next[lane] < columns.Length ? Math.Min(first, columns[_next[lane]]) : first;
        }

        return first;
    }

    /// <summary>How many of a lane's next nonzeros a window takes.</summary>
    private int Taken(int tile, int lane, int first)
    {
        var columns = Columns(tile, lane)[_next[lane]..];
        var taken = 0;
        while (taken < _format.Steps && taken < columns.Length && columns[taken] - first < _format.Window)
        {
            taken++;
        }

        return taken;
    }

    private ReadOnlySpan<int> Columns(int tile, int lane)
        => RowOf(tile, lane) < _matrix.Rows ? _matrix.RowColumns(RowOf(tile, lane)) : default;

    /// <summary>The row in a lane; numbers from the matrix's rows on where there is none.</summary>
    private int RowOf(int tile, int lane)
    {
        var place = (tile * _format.Lanes) + lane;
        return place < _order.Length ? _order[place] : place;
    }
}
