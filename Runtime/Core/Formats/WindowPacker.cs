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

    // The tile's rows one after the other, each followed by columns that no window reaches; and where each lane's next nonzero lies.
    private int[] _columns = [];
    private float[] _values = [];
    private readonly int[] _next;

    private WindowPacker(SparseMatrix matrix, WindowFormat format)
    {
        _matrix = matrix;
        _format = format;
        _order = new int[matrix.Rows];
        LongestFirst.Order(matrix.RowLengths(), matrix.Columns, _order);
        _next = new int[format.Lanes];
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
    private List<int> FindWindows(int[] windowsOfTile)
    {
        var windows = new List<int>(_matrix.Nonzeros / _format.Lanes);
        for (var tile = 0; tile < windowsOfTile.Length; tile++)
        {
            Begin(tile);
            var before = windows.Count;
            FindWindows(windows);
            windowsOfTile[tile] = windows.Count - before;
        }

        return windows;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void FindWindows(List<int> windows)
    {
        var (window, steps, lanes) = (_format.Window, _format.Steps, _format.Lanes);
        fixed (int* columns = _columns, next = _next)
        {
            while (true)
            {
                var first = int.MaxValue;
                for (var lane = 0; lane < lanes; lane++)
                {
                    first = Math.Min(first, columns[next[lane]]);
                }

                if (first == int.MaxValue)
                {
                    return;
                }

                windows.Add(first);
                for (var lane = 0; lane < lanes; lane++)
                {
                    next[lane] += Taken(columns + next[lane], steps, first + window);
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Fill(int first, float* values, byte* indices)
    {
        var (lanes, steps, index) = (_format.Lanes, _format.Steps, _format.Index);
        var (stepsPerWord, wordBytes, stepBits, scale, offset) = (index.StepsPerWord(), index.WordBytes(), index.Bits(), index.Scale(), index.Offset());
        fixed (int* columns = _columns, next = _next)
        fixed (float* weights = _values)
        {
            for (var lane = 0; lane < lanes; lane++)
            {
                var own = columns + next[lane];
                var taken = Taken(own, steps, first + _format.Window);
                for (var step = 0; step < steps; step++)
                {
                    values[(step * lanes) + lane] = step < taken ? weights[next[lane] + step] : 0;
                }

                var word = indices + (lane * wordBytes);
                for (var step = 0; step < steps; step += stepsPerWord, word += lanes * wordBytes)
                {
                    var bits = 0u;
                    for (var inWord = 0; inWord < stepsPerWord && step + inWord < steps; inWord++)
                    {
                        var column = step + inWord < taken ? own[step + inWord] - first : 0;
                        bits |= LaneIndexWriter.Place(scale, offset, stepBits * inWord, column);
                    }

                    index.Store(word, bits);
                }

                next[lane] += taken;
            }
        }
    }

    /// <summary>How many of a row's next nonzeros a window takes; a sum, since no processor would predict the branches.</summary>
    private static int Taken(int* columns, int steps, int end)
    {
        var taken = 0;
        for (var step = 0; step < steps; step++)
        {
            taken += columns[step] < end ? 1 : 0;
        }

        return taken;
    }

    private void Begin(int tile)
    {
        var used = 0;
        for (var lane = 0; lane < _next.Length; lane++)
        {
            var row = RowOf(tile, lane);
            var columns = row < _matrix.Rows ? _matrix.RowColumns(row) : default;
            var values = row < _matrix.Rows ? _matrix.RowValues(row) : default;
            if (_columns.Length < used + columns.Length + _format.Steps)
            {
                Array.Resize(ref _columns, (2 * _columns.Length) + columns.Length + _format.Steps);
                Array.Resize(ref _values, _columns.Length);
            }

            _next[lane] = used;
            columns.CopyTo(_columns.AsSpan(used));
            values.CopyTo(_values.AsSpan(used));
            used += columns.Length;
            _columns.AsSpan(used, _format.Steps).Fill(int.MaxValue);
            used += _format.Steps;
        }
    }

    /// <summary>The row in a lane; numbers from the matrix's rows on where there is none.</summary>
    private int RowOf(int tile, int lane)
    {
        var place = (tile * _format.Lanes) + lane;
        return place < _order.Length ? _order[place] : place;
    }
}
