using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using KernelGen.Formats;

namespace KernelGen.Training;

/// <summary>
/// Brings values to a <see cref="PanelCsrFormat"/> of the matrix turned round, of which many are active: some rows at a time, and the columns of a block, are
/// spread to a tile of the dense matrix, where each value has its place. A bit for each weight, active or not, says where its column's next value goes.
/// </summary>
internal sealed unsafe class TurnedTilePlaces : ValuePlaces
{
    private const int TileRows = 32;

    // Floats between columns of a tile: the rows of 128 columns, as blocks have on AVX-512, fit in L1, and spread over all of its sets.
    private const int Pitch = 48;

    // A bit for each weight against the time that columns take which are mostly empty.
    private const double LeastDensity = 0.25;

    private readonly Pack _pack;
    private readonly PanelCsrFormat _format;
    private readonly int[] _columnStarts;

    // Part after part, block after block, tile after tile: the rows of each column.
    private readonly AlignedBuffer _bits;

    /// <param name="pack">The packed transpose.</param>
    /// <param name="format">Its format; see <see cref="CsrPlaces.Fits"/>.</param>
    /// <param name="columnStarts">Where the values of each of its columns begin among all, and where the last one's end.</param>
    public TurnedTilePlaces(Pack pack, PanelCsrFormat format, int[] columnStarts)
    {
        (_pack, _format, _columnStarts) = (pack, format, columnStarts);
        var tiles = 0L;
        foreach (var part in pack.Parts)
        {
            tiles += (part.Weights.Rows + TileRows - 1) / TileRows;
        }

        _bits = new AlignedBuffer(tiles * Columns * sizeof(uint));
        Visit<Bits>(null, null, null);
    }

    public override long Bytes => _bits.Bytes;

    private int Columns => _columnStarts.Length - 1;

    /// <summary>Whether a matrix has as many active weights as pay, and its indices lead to places of a tile.</summary>
    public static bool Fits(Pack pack, PanelCsrFormat format, int[] columnStarts)
    {
        var weights = 0L;
        foreach (var part in pack.Parts)
        {
            weights += (long)part.Weights.Rows * (columnStarts.Length - 1);
        }

        return Pitch * sizeof(float) % format.ColumnStride == 0 && columnStarts[^1] >= LeastDensity * weights;
    }

    public override void Gather(float* values)
    {
        var (next, tile) = (ArrayPool<nint>.Shared.Rent(Columns), ArrayPool<float>.Shared.Rent(_format.BlockColumns * Pitch));
        fixed (nint* pointers = next)
        fixed (float* dense = tile)
        {
            for (var column = 0; column < Columns; column++)
            {
                pointers[column] = (nint)(values + _columnStarts[column]);
            }

            Visit<Values>((float**)pointers, values + _columnStarts[^1], dense);
        }

        ArrayPool<nint>.Shared.Return(next);
        ArrayPool<float>.Shared.Return(tile);
    }

    public override void Release() => _bits.Release();

    private void Visit<TVisitor>(float** next, float* end, float* tile)
        where TVisitor : struct, IVisitor
    {
        var bits = (uint*)_bits.Pointer;
        foreach (var part in _pack.Parts)
        {
            bits = _format.WideCounts ? Visit<TVisitor, int>(part, bits, next, end, tile) : Visit<TVisitor, ushort>(part, bits, next, end, tile);
        }

        // It owns what the pointers point to.
        GC.KeepAlive(this);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private uint* Visit<TVisitor, TCount>(PackPart part, uint* bits, float** next, float* end, float* tile)
        where TVisitor : struct, IVisitor
        where TCount : unmanaged, IBinaryInteger<TCount>
    {
        var (rows, shift) = (part.Weights.Rows, BitOperations.Log2((uint)_format.ColumnStride));
        var pooled = ArrayPool<RowPlaces>.Shared.Rent(rows);
        var count = (TCount*)part.Weights.Counts;
        var packed = part.Weights.Values;
        var index = (ushort*)part.Weights.Indices;
        fixed (RowPlaces* places = pooled)
        {
            for (var first = 0; first < Columns; first += _format.BlockColumns)
            {
                var width = Math.Min(_format.BlockColumns, Columns - first);
                RowPlaces.Find(places, rows, ref count, ref packed, ref index);
                for (var row = 0; row < rows; row += TileRows, bits += width)
                {
                    TVisitor.Visit(places + row, Math.Min(TileRows, rows - row), shift, bits, width, next + first, end, tile);
                }
            }
        }

        ArrayPool<RowPlaces>.Shared.Return(pooled);
        return bits;
    }

    private interface IVisitor
    {
        /// <summary>Takes a tile.</summary>
        /// <param name="row">Its rows.</param>
        /// <param name="rows">How many.</param>
        /// <param name="shift">What makes an index a column.</param>
        /// <param name="bits">Of each column.</param>
        /// <param name="columns">How many.</param>
        /// <param name="next">The next value of each.</param>
        /// <param name="end">Behind the last value of all.</param>
        /// <param name="tile">Memory for the tile.</param>
        static abstract void Visit(RowPlaces* row, int rows, int shift, uint* bits, int columns, float** next, float* end, float* tile);
    }

    /// <summary>Writes the bits.</summary>
    private readonly struct Bits : IVisitor
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public static void Visit(RowPlaces* row, int rows, int shift, uint* bits, int columns, float** next, float* end, float* tile)
        {
            for (var bit = 1u; rows > 0; rows--, row++, bit <<= 1)
            {
                for (var k = 0; k < row->SharedCount; k++)
                {
                    bits[row->Shared[k] >> shift] |= bit;
                }

                for (var k = 0; k < row->OwnCount; k++)
                {
                    bits[row->Own[2 * k] >> shift] |= bit;
                }

                for (var k = 0; k < row->ExtraCount; k++)
                {
                    bits[row->Own[(2 * row->OwnCount) + k] >> shift] |= bit;
                }
            }
        }
    }

    /// <summary>Brings each value to its place.</summary>
    private readonly struct Values : IVisitor
    {
        public static void Visit(RowPlaces* row, int rows, int shift, uint* bits, int columns, float** next, float* end, float* tile)
        {
            Spread(bits, columns, next, end, tile);
            Take(row, rows, (nuint)(Pitch * sizeof(float)) >> shift, tile);
        }

        /// <summary>Spreads what the tile's rows have of each column.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private static void Spread(uint* bits, int columns, float** next, float* end, float* tile)
        {
            for (var column = 0; column < columns; column++, tile += Pitch)
            {
                var rows = bits[column];
                var from = next[column];
                next[column] = from + BitOperations.PopCount(rows);
                if (Avx512F.IsSupported && from + TileRows <= end)
                {
                    // Of the next tile.
                    Sse.Prefetch0(from + TileRows);
                    var half = (ushort)rows;
                    Expand(half, from).Store(tile);
                    Expand(rows >> 16, from + BitOperations.PopCount(half)).Store(tile + Vector512<float>.Count);
                    continue;
                }

                for (; rows != 0; rows &= rows - 1)
                {
                    tile[BitOperations.TrailingZeroCount(rows)] = *from++;
                }
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static Vector512<float> Expand(uint bits, float* from)
            => Avx512F.Expand(Vector512<float>.Zero, BitLanes.Of(bits).AsSingle(), Vector512.Load(from));

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private static void Take(RowPlaces* row, int rows, nuint scale, float* tile)
        {
            for (; rows > 0; rows--, row++, tile++)
            {
                RowPlaces.Prefetch(row, rows);
                var to = row->Values;
                Copy(ref to, 2, row->Shared, 1, row->SharedCount, tile, scale);
                Copy(ref to, 2, row->Own, 2, row->OwnCount, tile, scale);
                Copy(ref to, 1, row->Own + (2 * row->OwnCount), 1, row->ExtraCount, tile, scale);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void Copy(ref float* to, int step, ushort* index, int indexStep, int count, float* tile, nuint scale)
        {
            var next = to;
            for (; count >= 4; count -= 4, next += 4 * step, index += 4 * indexStep)
            {
                next[0] = Of(index[0]);
                next[step] = Of(index[indexStep]);
                next[2 * step] = Of(index[2 * indexStep]);
                next[3 * step] = Of(index[3 * indexStep]);
            }

            for (; count > 0; count--, next += step, index += indexStep)
            {
                *next = Of(*index);
            }

            to = next;

            float Of(nuint of) => *(float*)((byte*)tile + (of * scale));
        }
    }
}
