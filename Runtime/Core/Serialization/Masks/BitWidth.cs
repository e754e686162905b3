using System.Numerics;

namespace KernelGen.Serialization;

/// <summary>Widths of bit fields.</summary>
internal static class BitWidth
{
    /// <summary>Bits that tell <paramref name="choices"/> things apart: ceil(log2 choices), 0 for a single one.</summary>
    public static int Of(long choices) => choices <= 1 ? 0 : 64 - BitOperations.LeadingZeroCount((ulong)(choices - 1));
}
