using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using KernelGen.Formats;

namespace KernelGen.Training;

/// <summary>
/// Brings values to a <see cref="PanelCsrFormat"/> of the matrix turned round, and needs no memory for that: where its rows are taken in order, the values of
/// each of its columns, a row of the other matrix, come one after the other.
/// </summary>
internal sealed unsafe class TurnedCsrPlaces : ValuePlaces
{
    private readonly Pack _pack;
    private readonly PanelCsrFormat _format;
    private readonly int[] _columnStarts;

    /// <param name="pack">The packed transpose.</param>
    /// <param name="format">Its format; see <see cref="CsrPlaces.Fits"/>.</param>
    /// <param name="columnStarts">Where the values of each of its columns begin among all, and where the last one's end.</param>
    public TurnedCsrPlaces(Pack pack, PanelCsrFormat format, int[] columnStarts)
        => (_pack, _format, _columnStarts) = (pack, format, columnStarts);

    public override long Bytes => 0;

    public override void Gather(float* values)
    {
        var columns = _columnStarts.Length - 1;
        var next = ArrayPool<nint>.Shared.Rent(columns);
        fixed (nint* pointers = next)
        {
            for (var column = 0; column < columns; column++)
            {
                pointers[column] = (nint)(values + _columnStarts[column]);
            }

            foreach (var part in _pack.Parts)
            {
                if (_format.WideCounts)
                {
                    Gather<int>(part, (float**)pointers);
                }
                else
                {
                    Gather<ushort>(part, (float**)pointers);
                }
            }
        }

        ArrayPool<nint>.Shared.Return(next);
        // It owns what the pointers point to.
        GC.KeepAlive(_pack);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Gather<TCount>(PackPart part, float** next)
        where TCount : unmanaged, IBinaryInteger<TCount>
    {
        var (rows, shift) = (part.Weights.Rows, BitOperations.Log2((uint)_format.ColumnStride));
        var pooled = ArrayPool<RowPlaces>.Shared.Rent(rows);
        var count = (TCount*)part.Weights.Counts;
        var packed = part.Weights.Values;
        var index = (ushort*)part.Weights.Indices;
        fixed (RowPlaces* places = pooled)
        {
            for (var first = 0; first < _columnStarts.Length - 1; first += _format.BlockColumns)
            {
                RowPlaces.Find(places, rows, ref count, ref packed, ref index);
                Take(places, rows, next + first, shift);
            }
        }

        ArrayPool<RowPlaces>.Shared.Return(pooled);
    }

    /// <summary>Each value of some rows is the next one of its column.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Take(RowPlaces* row, int rows, float** next, int shift)
    {
        for (; rows > 0; rows--, row++)
        {
            RowPlaces.Prefetch(row, rows);
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
}
