using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace KernelGen.Formats;

/// <summary>Bits as the lanes of a vector.</summary>
internal static class BitLanes
{
    /// <summary>All bits of a lane where the bit of its number is set, of the lower 16.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Of(uint bits)
    {
        var places = Vector512.Create(
            1, 1 << 1, 1 << 2, 1 << 3, 1 << 4, 1 << 5, 1 << 6, 1 << 7, 1 << 8, 1 << 9, 1 << 10, 1 << 11, 1 << 12, 1 << 13, 1 << 14, 1 << 15);
        return Vector512.Equals(Vector512.Create((int)bits) & places, places);
    }
}
