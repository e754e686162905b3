using System.Runtime.CompilerServices;

namespace KernelGen.Formats;

/// <summary>Orders rows by how many nonzeros they have.</summary>
internal static class LongestFirst
{
    /// <summary>Most first; equals in their own order. A counting sort.</summary>
    /// <param name="lengths">The nonzeros of each row.</param>
    /// <param name="most">The most that a row can have.</param>
    /// <param name="order">Receives the numbers of the rows.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Order(ReadOnlySpan<int> lengths, int most, Span<int> order)
    {
        var starts = new int[most + 2];
        foreach (var length in lengths)
        {
            starts[most - length + 1]++;
        }

        for (var i = 1; i < starts.Length; i++)
        {
            starts[i] += starts[i - 1];
        }

        for (var row = 0; row < lengths.Length; row++)
        {
            order[starts[most - lengths[row]]++] = row;
        }
    }
}
