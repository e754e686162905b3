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

    private PackDecoder(Pack pack, int rows, int columns)
    {
        _rows = rows;
        _columns = columns;
        _values = new ReadOnlySpan<float>(pack.Weights.Values, (int)(pack.Arrays.Values.Bytes / 4)).ToArray();
        _indices = new ReadOnlySpan<byte>(pack.Weights.Indices, (int)pack.Arrays.Indices.Bytes).ToArray();
        _counts = new ReadOnlySpan<byte>(pack.Weights.Counts, (int)pack.Arrays.Counts.Bytes).ToArray();
        _dense = new float[rows * columns];
        _stored = new int[rows * columns];
    }

    public static Decoded Decode(Pack pack, int rows, int columns)
    {
        var decoder = new PackDecoder(pack, rows, columns);
        switch (pack.Format)
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
            case BlockFormat format:
                decoder.ReadBlocks(format);
                break;
            default:
                throw new ArgumentException($"Unknown: {pack.Format}", nameof(pack));
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
        var windows = (int)Math.Ceiling(_columns / (double)format.Window);
        var tiles = (int)Math.Ceiling(_rows / (double)format.Lanes);
        Require(_counts.Length == (format.StepsPerWindow > 0 ? 0 : 2 * tiles * windows), "wrong number of counts");
        for (var tile = 0; tile < tiles; tile++)
        {
            for (var window = 0; window < windows; window++)
            {
                var steps = format.StepsPerWindow > 0 ? format.StepsPerWindow : Count16((tile * windows) + window);
                var last = new int[format.Lanes];
                Array.Fill(last, -1);
                var busy = false;
                for (var step = 0; step < steps; step++)
                {
                    busy = false;
                    for (var lane = 0; lane < format.Lanes; lane++)
                    {
                        var column = LaneColumn(format.Index);
                        // A lane that has run out says column 0 with weight 0.
                        if (column > last[lane])
                        {
                            last[lane] = column;
                            busy |= Take((tile * format.Lanes) + lane, (window * format.Window) + column);
                        }
                        else
                        {
                            last[lane] = int.MaxValue;
                            Require(column == 0 && BitConverter.SingleToInt32Bits(_values[_value++]) == 0, "padding isn't zero");
                        }
                    }
                }

                Require(steps == 0 || busy || format.StepsPerWindow > 0, "a step is all padding");
            }
        }
    }

    private void ReadBlocks(BlockFormat format)
    {
        var blockRows = (int)Math.Ceiling(_rows / (double)format.Rows);
        Require(_counts.Length == 4 * blockRows, "wrong number of counts");
        for (var blockRow = 0; blockRow < blockRows; blockRow++)
        {
            var last = -1;
            for (var left = BitConverter.ToInt32(_counts, 4 * blockRow); left > 0; left--)
            {
                var first = BitConverter.ToInt32(_indices, _index);
                _index += 4;
                Require(first > last && first % format.Columns == 0, "blocks don't ascend");
                last = first;
                for (var column = 0; column < format.Columns; column++)
                {
                    for (var row = 0; row < format.Rows; row++)
                    {
                        Take((blockRow * format.Rows) + row, first + column);
                    }
                }
            }
        }
    }

    private int LaneColumn(LaneIndex kind)
    {
        if (kind == LaneIndex.Column)
        {
            return _indices[_index++];
        }

        var column = _indices[_index] / 4;
        for (var i = 0; i < 4; i++)
        {
            Require(_indices[_index++] == (4 * column) + i, "table bytes don't name one float");
        }

        return column;
    }

    private int Count16(int at) => BitConverter.ToUInt16(_counts, 2 * at);

    /// <summary>Takes the next value for a place; false if the place is padding, which must then hold +0.</summary>
    private bool Take(int row, int column)
    {
        var value = _values[_value++];
        if (row >= _rows || column >= _columns)
        {
            Require(BitConverter.SingleToInt32Bits(value) == 0, $"padding at row {row}, column {column} holds {value}");
            return false;
        }

        _dense[(row * _columns) + column] = value;
        _stored[(row * _columns) + column] += BitConverter.SingleToInt32Bits(value) == 0 ? 0 : 1;
        return true;
    }
}
