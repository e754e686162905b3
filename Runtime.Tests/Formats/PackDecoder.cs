using KernelGen.Formats;

namespace KernelGen.Runtime.Tests;

/// <summary>What a pack says, read back from the words of its format.</summary>
/// <param name="Dense">The row-major matrix.</param>
/// <param name="Stored">How often each place is stored with something else than +0.</param>
internal sealed record Decoded(float[] Dense, int[] Stored);

/// <summary>
/// Reads packs as the formats' documentation tells, sharing no code with the packers. It fails if an array is longer or shorter
/// than its contents, or if padding isn't zero.
/// </summary>
internal sealed unsafe class PackDecoder
{
    private readonly int _rows;
    private readonly int _columns;
    private readonly float[] _values;
    private readonly byte[] _indices;
    private readonly byte[] _counts;
    private readonly float[] _dense;
    private readonly int[] _stored;
    private int _value;
    private int _index;

    private PackDecoder(PackPart part, int rows, int columns)
    {
        _rows = rows;
        _columns = columns;
        _values = new ReadOnlySpan<float>(part.Weights.Values, (int)(part.Arrays.Values.Bytes / 4)).ToArray();
        _indices = new ReadOnlySpan<byte>(part.Weights.Indices, (int)part.Arrays.Indices.Bytes).ToArray();
        _counts = new ReadOnlySpan<byte>(part.Weights.Counts, (int)part.Arrays.Counts.Bytes).ToArray();
        _dense = new float[rows * columns];
        _stored = new int[rows * columns];
    }

    public static Decoded Decode(Pack pack, int rows, int columns)
    {
        var (dense, stored) = (new List<float>(), new List<int>());
        foreach (var part in pack.Parts)
        {
            Require(part.First * columns == dense.Count, $"a part begins with row {part.First}, not with {dense.Count / columns}");
            var decoded = Decode(pack.Format, part, part.Weights.Rows, columns);
            dense.AddRange(decoded.Dense);
            stored.AddRange(decoded.Stored);
        }

        Require(dense.Count == rows * columns, $"the parts have {dense.Count / columns} rows of {rows}");
        return new Decoded([.. dense], [.. stored]);
    }

    private static Decoded Decode(PackFormat packFormat, PackPart part, int rows, int columns)
    {
        var decoder = new PackDecoder(part, rows, columns);
        switch (packFormat)
        {
            case TileFormat format:
                decoder.ReadTiles(format);
                break;
            case PanelCsrFormat format:
                decoder.ReadPanelCsr(format);
                break;
            case WindowFormat format:
                decoder.ReadWindows(format);
                break;
            case GroupFormat format:
                decoder.ReadGroups(format);
                break;
            case BlockFormat format:
                decoder.ReadBlocks(format.Rows, format.Columns, format.Columns, 1);
                break;
            case LaneBlockFormat format:
                decoder.ReadBlocks(format.Rows, format.Columns, format.StoredColumns, format.Together);
                break;
            default:
                throw new ArgumentException($"Unknown: {packFormat}", nameof(packFormat));
        }

        Require(decoder._value == decoder._values.Length, $"{decoder._value} values of {decoder._values.Length} read");
        Require(decoder._index == decoder._indices.Length, $"{decoder._index} bytes of indices of {decoder._indices.Length} read");
        return new Decoded(decoder._dense, decoder._stored);
    }

    private static void Require(bool condition, string otherwise)
    {
        if (!condition)
        {
            throw new InvalidOperationException(otherwise);
        }
    }

    private void ReadTiles(TileFormat format)
    {
        var tiles = (int)Math.Ceiling(_rows / (double)format.TileRows);
        for (var tile = 0; tile < tiles; tile++)
        {
            for (var column = 0; column < _columns; column++)
            {
                for (var rowInTile = 0; rowInTile < format.TileRows; rowInTile++)
                {
                    Take((tile * format.TileRows) + rowInTile, column);
                }
            }
        }
    }

    private void ReadPanelCsr(PanelCsrFormat format)
    {
        var blocks = (int)Math.Ceiling(_columns / (double)format.BlockColumns);
        var pairs = (int)Math.Ceiling(_rows / 2.0);
        Require(_counts.Length == (format.WideCounts ? 20 : 10) * blocks * pairs, "wrong number of counts");
        int Count(int at) => format.WideCounts ? BitConverter.ToInt32(_counts, 4 * at) : Count16(at);
        for (var block = 0; block < blocks; block++)
        {
            var seen = new HashSet<int>();
            for (var pair = 0; pair < pairs; pair++)
            {
                var at = 5 * ((block * pairs) + pair);
                var (a, b) = (Count(at), Count(at + 1));
                Require(seen.Add(a) && seen.Add(b) && a < _rows && b < _rows + (_rows % 2), "a row comes twice, or is none");
                ReadPair(format, block * format.BlockColumns, a, b, Count(at + 2), Count(at + 3), Count(at + 4));
            }
        }
    }

    private void ReadPair(PanelCsrFormat format, int firstColumn, int a, int b, int shared, int own, int extra)
    {
        int lastA = -1, lastB;
        int Next(ref int last)
        {
            var offset = BitConverter.ToUInt16(_indices, _index);
            _index += 2;
            Require(offset % format.ColumnStride == 0, "an index isn't a whole column");
            var inBlock = offset / format.ColumnStride;
            Require(inBlock > last && inBlock < format.BlockColumns, "columns don't ascend in the block");
            last = inBlock;
            return firstColumn + inBlock;
        }

        for (var step = 0; step < shared; step++)
        {
            var column = Next(ref lastA);
            Take(a, column);
            Take(b, column);
        }

        (lastA, lastB) = (-1, -1);
        for (var step = 0; step < own; step++)
        {
            Take(a, Next(ref lastA));
            Take(b, Next(ref lastB));
        }

        lastA = -1;
        for (var step = 0; step < extra; step++)
        {
            Take(a, Next(ref lastA));
        }
    }

    private void ReadWindows(WindowFormat format)
    {
        var tiles = (int)Math.Ceiling(_rows / (double)format.Lanes);
        var seen = new HashSet<int>();
        var count = 0;
        for (var tile = 0; tile < tiles; tile++)
        {
            var rows = new int[format.Lanes];
            for (var lane = 0; lane < rows.Length; lane++)
            {
                rows[lane] = Count32(count++);
                Require(seen.Add(rows[lane]) && rows[lane] < tiles * format.Lanes, "a row comes twice, or is none");
            }

            var last = new int[format.Lanes];
            Array.Fill(last, -1);
            var before = 0;
            for (var windows = Count32(count++); windows > 0; windows--)
            {
                var first = Count32(count++);
                Require(first >= before && first < _columns, "windows don't ascend, or begin outside");
                before = first;
                ReadReach(rows, format.Steps, 0, first, format.Index, last);
                _index += (format.Steps + StepsPerWord(format.Index) - 1) / StepsPerWord(format.Index) * format.Lanes * WordBytes(format.Index);
            }
        }

        Require(4 * count == _counts.Length, $"{count} counts of {_counts.Length / 4} read");
    }

    private void ReadGroups(GroupFormat format)
    {
        Require(_counts.Length == 0, "counts where there is nothing to count");
        for (var firstRow = 0; firstRow < _rows; firstRow += format.Lanes)
        {
            var rows = Enumerable.Range(firstRow, format.Lanes).ToArray();
            for (var window = 0; window < _columns; window += format.Reach * format.Reaches)
            {
                for (var reach = 0; reach < format.Reaches; reach++)
                {
                    var last = new int[format.Lanes];
                    Array.Fill(last, -1);
                    ReadReach(rows, format.Steps, reach * format.Steps, window + (reach * format.Reach), format.Index, last);
                }

                var words = ((format.Reaches * format.Steps) + StepsPerWord(format.Index) - 1) / StepsPerWord(format.Index);
                _index += words * format.Lanes * WordBytes(format.Index);
            }
        }
    }

    /// <summary>
    /// Reads steps whose columns begin at one and lie in the words from _index on, of which so many steps are behind; last holds each row's
    /// last column, beyond which the next one is. Padding at the first column reads like an active zero there, which changes nothing.
    /// </summary>
    private void ReadReach(int[] rows, int steps, int behind, int first, LaneIndex index, int[] last)
    {
        for (var step = 0; step < steps; step++)
        {
            for (var lane = 0; lane < rows.Length; lane++)
            {
                var (word, inWord) = ((behind + step) / StepsPerWord(index), (behind + step) % StepsPerWord(index));
                var column = first + Column(index, _index + (((word * rows.Length) + lane) * WordBytes(index)), inWord);
                if (rows[lane] < _rows && column > last[lane] && column < _columns)
                {
                    last[lane] = column;
                    Take(rows[lane], column);
                }
                else
                {
                    Require(column == first && BitConverter.SingleToInt32Bits(_values[_value++]) == 0, "padding isn't zero");
                }
            }
        }
    }

    private int Column(LaneIndex kind, int at, int inWord)
    {
        switch (kind)
        {
            case LaneIndex.Column:
                return _indices[at];
            case LaneIndex.Bits2:
                return (int)(BitConverter.ToUInt32(_indices, at) >> (2 * inWord)) & 3;
            case LaneIndex.Bits4:
                return (int)(BitConverter.ToUInt32(_indices, at) >> (4 * inWord)) & 15;
            case LaneIndex.Bits5:
                return (BitConverter.ToUInt16(_indices, at) >> (5 * inWord)) & 31;
            default:
                var column = _indices[at] / 4;
                for (var i = 0; i < 4; i++)
                {
                    Require(_indices[at + i] == (4 * column) + i, "table bytes don't name one float");
                }

                return column;
        }
    }

    private static int StepsPerWord(LaneIndex kind)
        => kind == LaneIndex.Bits2 ? 16 : kind == LaneIndex.Bits4 ? 8 : kind == LaneIndex.Bits5 ? 3 : 1;

    private static int WordBytes(LaneIndex kind) => kind == LaneIndex.Column ? 1 : kind == LaneIndex.Bits5 ? 2 : 4;

    private void ReadBlocks(int rows, int columns, int storedColumns, int together)
    {
        var blockRows = (int)Math.Ceiling(_rows / (double)rows);
        var behind = (int)Math.Ceiling(_columns / (double)columns) * columns;
        Require(_counts.Length == 4 * blockRows, "wrong number of counts");
        for (var blockRow = 0; blockRow < blockRows; blockRow++)
        {
            var last = -1;
            var (left, padding) = (BitConverter.ToInt32(_counts, 4 * blockRow), 0);
            Require(left % together == 0, "blocks that don't fill a step");
            for (; left > 0; left--)
            {
                var first = BitConverter.ToInt32(_indices, _index);
                _index += 4;
                padding += first == behind ? 1 : 0;
                Require((first > last || first == behind) && first <= behind && first % columns == 0, "blocks don't ascend, or begin outside");
                last = first;
                for (var column = 0; column < storedColumns; column++)
                {
                    for (var row = 0; row < rows; row++)
                    {
                        Take((blockRow * rows) + row, column < columns ? first + column : _columns);
                    }
                }
            }

            Require(padding < together, "a step of nothing but padding");
        }
    }

    private int Count32(int at) => BitConverter.ToInt32(_counts, 4 * at);

    private int Count16(int at) => BitConverter.ToUInt16(_counts, 2 * at);

    /// <summary>Takes the next value for a place; beyond the matrix it must be +0.</summary>
    private void Take(int row, int column)
    {
        var value = _values[_value++];
        if (row >= _rows || column >= _columns)
        {
            Require(BitConverter.SingleToInt32Bits(value) == 0, $"padding at row {row}, column {column} holds {value}");
            return;
        }

        _dense[(row * _columns) + column] = value;
        _stored[(row * _columns) + column] += BitConverter.SingleToInt32Bits(value) == 0 ? 0 : 1;
    }
}
