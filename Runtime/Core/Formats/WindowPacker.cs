using System.Runtime.CompilerServices;

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

    // Of each lane: its row's next nonzero and the end of them, among the matrix's column numbers; how much farther the values lie.
    private readonly int[] _next;
    private readonly int[] _end;
    private readonly int[] _toValue;

    private WindowPacker(SparseMatrix matrix, WindowFormat format)
    {
        _matrix = matrix;
        _format = format;
        _order = new int[matrix.Rows];
        LongestFirst.Order(matrix.RowLengths(), matrix.Columns, _order);
        _next = new int[format.Lanes];
        _end = new int[format.Lanes];
        _toValue = new int[format.Lanes];
    }

    private int Tiles => (_matrix.Rows + _format.Lanes - 1) / _format.Lanes;

    private int WindowWords => (_format.Steps + _format.Index.StepsPerWord() - 1) / _format.Index.StepsPerWord();

    private long ValueCount(long windows) => windows * _format.Steps * _format.Lanes;

    private long IndexBytes(long windows) => windows * WindowWords * _format.Lanes * _format.Index.WordBytes();

    private long CountBytes(long windows) => (((long)Tiles * (_format.Lanes + 1)) + windows) * sizeof(int);

    /// <summary>Units are tiles, steps their windows.</summary>
    public static PackWork Work(SparseMatrix matrix, WindowFormat format)
    {
        var packer = new WindowPacker(matrix, format);
        var windows = packer.FindWindows(new int[packer.Tiles]).Count;
        var bytes = (packer.ValueCount(windows) * sizeof(float)) + packer.IndexBytes(windows) + packer.CountBytes(windows);
        return new PackWork(packer.Tiles, windows, 0, bytes);
    }

    public static PackArrays Pack(SparseMatrix matrix, WindowFormat format) => new WindowPacker(matrix, format).Pack();

    private PackArrays Pack()
    {
        var windowsOfTile = new int[Tiles];
        var windows = FindWindows(windowsOfTile);
        var arrays = new PackArrays(
            AlignedBuffer.OfFloats(ValueCount(windows.Count)), new AlignedBuffer(IndexBytes(windows.Count)), new AlignedBuffer(CountBytes(windows.Count)));
        var count = (int*)arrays.Counts.Pointer;
        var values = arrays.Values.Floats;
        var indices = arrays.Indices.Pointer;
        var window = 0;
        for (var tile = 0; tile < Tiles; tile++)
        {
            Begin(tile);
            for (var lane = 0; lane < _format.Lanes; lane++)
            {
                *count++ = RowOf(tile, lane);
            }

            *count++ = windowsOfTile[tile];
            for (var end = window + windowsOfTile[tile]; window < end; window++)
            {
                *count++ = windows[window];
                Fill(windows[window], values, indices);
                values += ValueCount(1);
                indices += IndexBytes(1);
            }
        }

        return arrays;
    }

    /// <summary>Where the windows of all tiles begin.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private List<int> FindWindows(int[] windowsOfTile)
    {
        var windows = new List<int>(_matrix.Nonzeros / _format.Lanes);
        fixed (int* columns = _matrix.ColumnNumbers)
        {
            for (var tile = 0; tile < windowsOfTile.Length; tile++)
            {
                Begin(tile);
                while (FirstColumn(columns) is var first && first < int.MaxValue)
                {
                    windows.Add(first);
                    windowsOfTile[tile]++;
                    for (var lane = 0; lane < _next.Length; lane++)
                    {
                        _next[lane] += Taken(columns, lane, first);
                    }
                }
            }
        }

        return windows;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Fill(int first, float* values, byte* indices)
    {
        var (lanes, index, stepsPerWord, wordBytes) = (_format.Lanes, _format.Index, _format.Index.StepsPerWord(), _format.Index.WordBytes());
        fixed (int* columns = _matrix.ColumnNumbers)
        fixed (float* weights = _matrix.Values)
        {
            for (var lane = 0; lane < lanes; lane++)
            {
                var next = _next[lane];
                var taken = Taken(columns, lane, first);
                for (var step = 0; step < _format.Steps; step++)
                {
                    var column = 0;
                    if (step < taken)
                    {
                        column = columns[next + step] - first;
                        values[(step * lanes) + lane] = weights[next + step + _toValue[lane]];
                    }

                    index.Write(indices + (((step / stepsPerWord * lanes) + lane) * wordBytes), step % stepsPerWord, column);
                }

                _next[lane] = next + taken;
            }
        }
    }

    private void Begin(int tile)
    {
        for (var lane = 0; lane < _next.Length; lane++)
        {
            var row = RowOf(tile, lane);
            (_next[lane], _end[lane], _toValue[lane]) = row < _matrix.Rows
                ? (_matrix.FirstColumn(row), _matrix.FirstColumn(row) + _matrix.RowLength(row), _matrix.FirstValue(row) - _matrix.FirstColumn(row))
                : default;
        }
    }

    /// <summary>The first column that any row of the tile has left; int.MaxValue where none has.</summary>
    private int FirstColumn(int* columns)
    {
        var first = int.MaxValue;
        for (var lane = 0; lane < _next.Length; lane++)
        {
            first = _next[lane] < _end[lane] ? Math.Min(first, columns[_next[lane]]) : first;
        }

        return first;
    }

    /// <summary>How many of a lane's next nonzeros a window takes.</summary>
    private int Taken(int* columns, int lane, int first)
    {
        var most = Math.Min(_format.Steps, _end[lane] - _next[lane]);
        columns += _next[lane];
        var taken = 0;
        while (taken < most && columns[taken] - first < _format.Window)
        {
            taken++;
        }

        return taken;
    }

    /// <summary>The row in a lane; numbers from the matrix's rows on where there is none.</summary>
    private int RowOf(int tile, int lane)
    {
        var place = (tile * _format.Lanes) + lane;
        return place < _order.Length ? _order[place] : place;
    }
}
