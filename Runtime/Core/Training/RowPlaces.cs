using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace KernelGen.Training;

/// <summary>
/// Where a row's values of a block go in a <see cref="Formats.PanelCsrFormat"/>, every second place as far as it has a partner's beside them; and the
/// indices of their columns.
/// </summary>
internal readonly unsafe struct RowPlaces(float* values, ushort* shared, ushort* own, int sharedCount, int ownCount, int extraCount)
{
    public readonly float* Values = values;
    public readonly ushort* Shared = shared;
    public readonly ushort* Own = own;
    public readonly int SharedCount = sharedCount;
    public readonly int OwnCount = ownCount;
    public readonly int ExtraCount = extraCount;

    // Rows whose memory is asked for before it is needed: no processor guesses where the next one lies.
    private const int Ahead = 2;

    /// <summary>Asks for the memory of a row that comes soon, where there are so many left.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Prefetch(RowPlaces* row, int left)
    {
        if (left > Ahead && Sse.IsSupported)
        {
            var (shared, own, extra) = (row[Ahead].SharedCount, row[Ahead].OwnCount, row[Ahead].ExtraCount);
            Prefetch(row[Ahead].Values, (2 * (shared + own)) + extra);
            Prefetch((float*)row[Ahead].Shared, ((shared + extra) / 2) + own);
        }
    }

    /// <summary>Finds the places of all rows in a block, and goes on to the next one.</summary>
    /// <param name="places">Receives them.</param>
    /// <param name="rows">How many there are.</param>
    /// <param name="count">The block's counts.</param>
    /// <param name="packed">Its values.</param>
    /// <param name="index">Its indices.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Find<TCount>(RowPlaces* places, int rows, ref TCount* count, ref float* packed, ref ushort* index)
        where TCount : unmanaged, IBinaryInteger<TCount>
    {
        var value = packed;
        var column = index;
        for (var pair = (rows + 1) / 2; pair > 0; pair--, count += 5)
        {
            var (shared, own, extra) = (int.CreateTruncating(count[2]), int.CreateTruncating(count[3]), int.CreateTruncating(count[4]));
            places[int.CreateTruncating(count[0])] = new RowPlaces(value, column, column + shared, shared, own, extra);
            if (int.CreateTruncating(count[1]) < rows)
            {
                places[int.CreateTruncating(count[1])] = new RowPlaces(value + 1, column, column + shared + 1, shared, own, 0);
            }

            value += (2 * (shared + own)) + extra;
            column += shared + (2 * own) + extra;
        }

        packed = value;
        index = column;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Prefetch(float* from, int count)
    {
        for (var i = 0; i < count; i += Vector512<float>.Count)
        {
            Sse.Prefetch0(from + i);
        }
    }
}
