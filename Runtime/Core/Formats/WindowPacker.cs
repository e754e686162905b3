using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

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

    // Where the machine reads eight rows at once, they take the place of all three.
    private readonly EightRows[] _rows;

    private WindowPacker(SparseMatrix matrix, WindowFormat format)
    {
        _matrix = matrix;
        _format = format;
        _order = new int[matrix.Rows];
        LongestFirst.Order(matrix.RowLengths(), matrix.Columns, _order);
        _next = new int[format.Lanes];
        _rows = EightRows.IsSupported && format.Lanes % EightRows.Count == 0 ? new EightRows[format.Lanes / EightRows.Count] : [];
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
            AlignedBuffer.OfFloats(ValueCount(windows.Count), zeroed: false),
            new AlignedBuffer(IndexBytes(windows.Count), zeroed: false),
            new AlignedBuffer(CountBytes(windows.Count), zeroed: false));
        var count = (int*)arrays.Counts.Pointer;
        var values = arrays.Values.Floats;
        var indices = arrays.Indices.Pointer;
        var window = 0;
        fixed (int* columns = _matrix.ColumnNumbers)
        fixed (float* weights = _matrix.Values)
        {
            for (var tile = 0; tile < Tiles; tile++)
            {
                for (var lane = 0; lane < _format.Lanes; lane++)
                {
                    *count++ = RowOf(tile, lane);
                }

                var own = CollectionsMarshal.AsSpan(windows).Slice(window, windowsOfTile[tile]);
                *count++ = own.Length;
                own.CopyTo(new Span<int>(count, own.Length));
                Begin(tile, columns, weights);
                Fill(own, values, indices);
                count += own.Length;
                window += own.Length;
                values += ValueCount(own.Length);
                indices += IndexBytes(own.Length);
            }
        }

        return arrays;
    }

    /// <summary>Where the windows of all tiles begin.</summary>
    private List<int> FindWindows(int[] windowsOfTile)
    {
        var windows = new List<int>(_matrix.Nonzeros / _format.Lanes);
        fixed (int* columns = _matrix.ColumnNumbers)
        fixed (float* weights = _matrix.Values)
        {
            for (var tile = 0; tile < windowsOfTile.Length; tile++)
            {
                Begin(tile, columns, weights);
                var before = windows.Count;
                if (_rows.Length > 0)
                {
                    FindWindowsOfRows(windows);
                }
                else
                {
                    FindWindows(windows);
                }

                windowsOfTile[tile] = windows.Count - before;
            }
        }

        return windows;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void FindWindowsOfRows(List<int> windows)
    {
        var (window, steps) = (_format.Window, _format.Steps);
        while (true)
        {
            var least = Vector256.Create(int.MaxValue);
            foreach (ref readonly var rows in _rows.AsSpan())
            {
                least = Vector256.Min(least, rows.Columns(0));
            }

            var first = Least(least);
            if (first == int.MaxValue)
            {
                return;
            }

            windows.Add(first);
            var end = Vector256.Create(first + window);
            foreach (ref var rows in _rows.AsSpan())
            {
                var taken = Vector256<int>.Zero;
                for (var step = 0; step < steps; step++)
                {
                    taken -= Vector256.LessThan(rows.Columns(step), end);
                }

                rows.Pass(taken);
            }
        }
    }

    private static int Least(Vector256<int> values)
    {
        var least = Vector128.Min(values.GetLower(), values.GetUpper());
        least = Vector128.Min(least, Vector128.Shuffle(least, Vector128.Create(2, 3, 0, 1)));
        return Math.Min(least[0], least[1]);
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

    /// <summary>Fills a tile's windows.</summary>
    private void Fill(ReadOnlySpan<int> windows, float* values, byte* indices)
    {
        if (_rows.Length > 0)
        {
            for (var i = 0; i < _rows.Length; i++)
            {
                FillRows(ref _rows[i], windows, values + (i * EightRows.Count), indices + (i * EightRows.Count * _format.Index.WordBytes()));
            }

            return;
        }

        foreach (var first in windows)
        {
            Fill(first, values, indices);
            values += ValueCount(1);
            indices += IndexBytes(1);
        }
    }

    /// <summary>Fills eight lanes of a tile's windows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void FillRows(ref EightRows tileRows, ReadOnlySpan<int> windows, float* values, byte* indices)
    {
        var (lanes, steps, window, index, rows) = (_format.Lanes, _format.Steps, _format.Window, _format.Index, tileRows);
        var (stepsPerWord, wordBytes, stepBits) = (index.StepsPerWord(), index.WordBytes(), index.Bits());
        var (scale, offset) = (Vector256.Create(index.Scale()), Vector256.Create(index.Offset()));
        foreach (var first in windows)
        {
            var (taken, bits, inWord) = (Vector256<int>.Zero, Vector256<uint>.Zero, 0);
            for (var step = 0; step < steps; step++, values += lanes)
            {
                var columns = rows.Columns(step);
                var inWindow = Vector256.LessThan(columns, Vector256.Create(first + window));
                rows.Values(step, inWindow).Store(values);
                taken -= inWindow;
                bits |= ((((columns - Vector256.Create(first)) & inWindow).AsUInt32() * scale) + offset) << (stepBits * inWord);
                if (++inWord == stepsPerWord || step + 1 == steps)
                {
                    EightRows.StoreWords(bits, indices, wordBytes);
                    indices += lanes * wordBytes;
                    (bits, inWord) = (Vector256<uint>.Zero, 0);
                }
            }

            rows.Pass(taken);
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

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Begin(int tile, int* matrixColumns, float* matrixValues)
    {
        Span<int> numbers = stackalloc int[EightRows.Count];
        for (var i = 0; i < _rows.Length; i++)
        {
            for (var lane = 0; lane < numbers.Length; lane++)
            {
                numbers[lane] = RowOf(tile, (i * numbers.Length) + lane);
            }

            _rows[i] = new EightRows(_matrix, matrixColumns, matrixValues, numbers);
        }

        if (_rows.Length == 0)
        {
            CopyRows(tile);
        }
    }

    private void CopyRows(int tile)
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
