using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using KernelGen.Formats;

namespace KernelGen.Training;

/// <summary>
/// Brings values to a <see cref="PanelCsrFormat"/> of the matrix turned round, and needs no memory for that: where its rows are taken in order, the values of
/// each of its columns, a row of the other matrix, come one after the other.
/// </summary>
internal sealed unsafe class TurnedCsrPlaces : ValuePlaces
{
    // Rows whose values are copied side by side first, where there are many: in long rows of equal length they would push each other out of the cache.
    private const int TileRows = 32;
    private const int TilePitch = 48;
    private const double LeastDensityOfTiles = 0.25;

    // Rows whose memory is asked for before it is needed: no processor guesses where the next one lies.
    private const int Ahead = 2;

    private readonly Pack _pack;
    private readonly PanelCsrFormat _format;
    private readonly int[] _columnStarts;
    private readonly bool _hasTiles;

    /// <param name="pack">The packed transpose.</param>
    /// <param name="format">Its format; see <see cref="CsrPlaces.Fits"/>.</param>
    /// <param name="columnStarts">Where the values of each of its columns begin among all, and where the last one's end.</param>
    public TurnedCsrPlaces(Pack pack, PanelCsrFormat format, int[] columnStarts)
    {
        (_pack, _format, _columnStarts) = (pack, format, columnStarts);
        long weights = 0;
        foreach (var part in pack.Parts)
        {
            weights += (long)part.Weights.Rows * (columnStarts.Length - 1);
        }

        _hasTiles = columnStarts[^1] >= LeastDensityOfTiles * weights;
    }

    public override long Bytes => 0;

    public override void Gather(float* values)
    {
        var columns = _columnStarts.Length - 1;
        var (next, tile) = (ArrayPool<nint>.Shared.Rent(columns), ArrayPool<float>.Shared.Rent((_format.BlockColumns * TilePitch) + TileRows));
        fixed (nint* pointers = next)
        fixed (float* tiles = tile)
        {
            for (var column = 0; column < columns; column++)
            {
                pointers[column] = (nint)(values + _columnStarts[column]);
            }

            foreach (var part in _pack.Parts)
            {
                if (_format.WideCounts)
                {
                    Gather<int>(part, (float**)pointers, tiles, values + _columnStarts[^1]);
                }
                else
                {
                    Gather<ushort>(part, (float**)pointers, tiles, values + _columnStarts[^1]);
                }
            }
        }

        ArrayPool<nint>.Shared.Return(next);
        ArrayPool<float>.Shared.Return(tile);
        // It owns what the pointers point to.
        GC.KeepAlive(_pack);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Gather<TCount>(PackPart part, float** next, float* tile, float* end)
        where TCount : unmanaged, IBinaryInteger<TCount>
    {
        var (rows, columns, shift) = (part.Weights.Rows, _columnStarts.Length - 1, BitOperations.Log2((uint)_format.ColumnStride));
        var pooled = ArrayPool<RowPlaces>.Shared.Rent(rows);
        var tiled = stackalloc nint[_hasTiles ? _format.BlockColumns : 0];
        var count = (TCount*)part.Weights.Counts;
        var packed = part.Weights.Values;
        var index = (ushort*)part.Weights.Indices;
        fixed (RowPlaces* places = pooled)
        {
            for (var first = 0; first < columns; first += _format.BlockColumns, next += _format.BlockColumns)
            {
                for (var pair = (rows + 1) / 2; pair > 0; pair--, count += 5)
                {
                    var (shared, own, extra) = (int.CreateTruncating(count[2]), int.CreateTruncating(count[3]), int.CreateTruncating(count[4]));
                    places[int.CreateTruncating(count[0])] = new RowPlaces(packed, index, index + shared, shared, own, extra);
                    if (int.CreateTruncating(count[1]) < rows)
                    {
                        places[int.CreateTruncating(count[1])] = new RowPlaces(packed + 1, index, index + shared + 1, shared, own, 0);
                    }

                    packed += (2 * (shared + own)) + extra;
                    index += shared + (2 * own) + extra;
                }

                if (!_hasTiles)
                {
                    Take(places, rows, next, shift);
                    continue;
                }

                var width = Math.Min(_format.BlockColumns, columns - first);
                for (var row = 0; row < rows; row += TileRows)
                {
                    Fill(tile, (float**)tiled, next, width, end);
                    Take(places + row, Math.Min(TileRows, rows - row), (float**)tiled, shift);
                    for (var column = 0; column < width; column++)
                    {
                        next[column] += (float*)tiled[column] - (tile + (column * TilePitch));
                    }
                }
            }
        }

        ArrayPool<RowPlaces>.Shared.Return(pooled);
    }

    /// <summary>Copies what the next rows may have of each column.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Fill(float* tile, float** tiled, float** next, int columns, float* end)
    {
        for (var column = 0; column < columns; column++, tile += TilePitch)
        {
            var from = next[column];
            tiled[column] = tile;
            // Of the next tile.
            Prefetch(from + TileRows, TileRows);
            if (from + TileRows <= end)
            {
                Vector512.Load(from).Store(tile);
                Vector512.Load(from + Vector512<float>.Count).Store(tile + Vector512<float>.Count);
            }
            else
            {
                new ReadOnlySpan<float>(from, (int)(end - from)).CopyTo(new Span<float>(tile, TileRows));
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Prefetch(float* from, int count)
    {
        if (Sse.IsSupported)
        {
            for (var i = 0; i < count; i += Vector512<float>.Count)
            {
                Sse.Prefetch0(from + i);
            }
        }
    }

    /// <summary>Each value of some rows is the next one of its column.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Take(RowPlaces* row, int rows, float** next, int shift)
    {
        for (; rows > 0; rows--, row++)
        {
            if (rows > Ahead)
            {
                Prefetch(row[Ahead].Values, 2 * (row[Ahead].SharedCount + row[Ahead].OwnCount) + row[Ahead].ExtraCount);
                Prefetch((float*)row[Ahead].Shared, ((row[Ahead].SharedCount + row[Ahead].ExtraCount) / 2) + row[Ahead].OwnCount);
            }

            var to = row->Values;
            var index = row->Shared;
            for (var k = row->SharedCount; k > 0; k--, to += 2, index++)
            {
                *to = *next[*index >> shift]++;
            }

            index = row->Own;
            for (var k = row->OwnCount; k > 0; k--, to += 2, index += 2)
            {
                *to = *next[*index >> shift]++;
            }

            for (var k = row->ExtraCount; k > 0; k--, to++, index++)
            {
                *to = *next[*index >> shift]++;
            }
        }
    }

    /// <summary>Where a row's values of a block go, every second place as far as it has a partner's beside them; and the indices of their columns.</summary>
    private readonly struct RowPlaces(float* values, ushort* shared, ushort* own, int sharedCount, int ownCount, int extraCount)
    {
        public readonly float* Values = values;
        public readonly ushort* Shared = shared;
        public readonly ushort* Own = own;
        public readonly int SharedCount = sharedCount;
        public readonly int OwnCount = ownCount;
        public readonly int ExtraCount = extraCount;
    }
}
