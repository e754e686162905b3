namespace KernelGen.Serialization;

/// <summary>
/// One number for every M consecutive cells of a row: which of the subsets of at most N cells is active, in the combinatorial
/// number system. Where all groups are full there are C(M, N) subsets: 3 bits for 2:4, where N slots of ceil(log2 M) bits would
/// take as many bits as a bitmap. A cut last group has its own number of subsets. The numbers of several groups can go into one, of
/// which they are the digits: five groups of 2:4 take 13 bits, as 6^5 is not far below 2^13.
/// </summary>
/// <param name="N">Active cells in a group, at most.</param>
/// <param name="M">Cells in a group.</param>
/// <param name="Full">Whether every group has as many active cells as it may.</param>
/// <param name="Joined">Groups whose numbers go into one; the last ones may be fewer.</param>
internal sealed record NMIndex(int N, int M, bool Full, int Joined = 1) : MaskIndex
{
    private const long MostSubsets = 1L << 32;

    public override string Name => $"nm {N}:{M}{(Full ? "" : " partial")}{(Joined == 1 ? "" : $" by {Joined}")}";

    /// <summary>Whether a number fits into 32 bits, and joining is of use.</summary>
    public bool IsValid => Joined == 1 ? Subsets(M) <= MostSubsets : Joined is > 1 and <= 32 && Subsets(M) is > 1 && Choices(Subsets(M), Joined) <= MostSubsets;

    /// <summary>The smallest such format for a mask, or null where it has none.</summary>
    public static NMIndex? For(MaskGrid mask, int n, int m)
    {
        var next = 0;
        var full = true;
        for (var start = 0L; start < mask.Cells; start += Size(start, mask.Columns, m))
        {
            var size = Size(start, mask.Columns, m);
            var active = ActiveUntil(mask, next, start + size);
            if (active > n)
            {
                return null;
            }

            full &= active == Math.Min(n, size);
            next += active;
        }

        var format = new NMIndex(n, m, full);
        return format.IsValid ? format.BestJoined(mask) : null;
    }

    public override long BitCount(MaskGrid mask)
    {
        var bits = 0L;
        foreach (var (_, choices) in Batches(mask.Rows, mask.Columns))
        {
            bits += BitWidth.Of(choices);
        }

        return bits;
    }

    internal override void Write(MaskGrid mask, BitWriter bits)
    {
        var next = 0;
        var start = 0L;
        foreach (var (groups, choices) in Batches(mask.Rows, mask.Columns))
        {
            var number = 0L;
            var digit = 1L;
            for (var group = 0; group < groups; group++)
            {
                var size = Size(start, mask.Columns, M);
                var active = ActiveUntil(mask, next, start + size);
                var subset = SubsetsAbove(size, active);
                for (var i = 0; i < active; i++)
                {
                    subset += Binomial((int)(mask.Positions[next + i] - start), i + 1);
                }

                number += subset * digit;
                digit *= Subsets(size);
                next += active;
                start += size;
            }

            bits.Write((uint)number, BitWidth.Of(choices));
        }
    }

    internal override int[] Read(BitReader bits, int rows, int columns, int count)
    {
        var positions = new int[count];
        var next = 0;
        var start = 0L;
        foreach (var (groups, choices) in Batches(rows, columns))
        {
            long number = bits.Read(BitWidth.Of(choices));
            if (number >= choices)
            {
                throw new InvalidDataException($"{number} numbers none of the {choices} subsets of {(groups == 1 ? "a group" : $"{groups} groups")}");
            }

            for (var group = 0; group < groups; group++)
            {
                var size = Size(start, columns, M);
                (number, var subset) = Math.DivRem(number, Subsets(size));
                next = ReadGroup(subset, start, size, positions, next);
                start += size;
            }
        }

        return next == count ? positions : throw new InvalidDataException($"{next} cells are active, not {count}");
    }

    /// <summary>Appends the active cells of a group of a subset's number, and returns how many there are then.</summary>
    private int ReadGroup(long number, long start, int size, int[] positions, int next)
    {
        var active = Math.Min(N, size);
        for (; number >= Binomial(size, active); active--)
        {
            number -= Binomial(size, active);
        }

        if (active > positions.Length - next)
        {
            throw new InvalidDataException($"more than {positions.Length} cells are active");
        }

        var place = size;
        for (var i = active; i > 0; i--)
        {
            do
            {
                place--;
            }
            while (Binomial(place, i) > number);

            number -= Binomial(place, i);
            positions[next + i - 1] = (int)(start + place);
        }

        return next + active;
    }

    /// <summary>This format, or the one that joins so many groups that a whole one takes the fewest bits, whichever is smaller.</summary>
    private NMIndex BestJoined(MaskGrid mask)
    {
        double BitsPerGroup(NMIndex format) => (double)BitWidth.Of(Choices(Subsets(M), format.Joined)) / format.Joined;
        var joined = Enumerable.Range(1, 32).Select(groups => this with { Joined = groups }).Where(format => format.IsValid).MinBy(BitsPerGroup)!;
        return joined.ByteCount(mask) < ByteCount(mask) ? joined : this;
    }

    /// <summary>The groups that one number tells, in order, and how many such numbers there are.</summary>
    private IEnumerable<(int Groups, long Choices)> Batches(int rows, int columns)
    {
        var cells = (long)rows * columns;
        var (whole, cut) = (Subsets(M), Subsets(columns % M));
        var (groups, choices) = (0, 1L);
        for (var start = 0L; start < cells;)
        {
            var size = Size(start, columns, M);
            choices *= size == M ? whole : cut;
            groups++;
            start += size;
            if (groups == Joined || start == cells)
            {
                yield return (groups, choices);
                (groups, choices) = (0, 1L);
            }
        }
    }

    private static int Size(long start, int columns, int m) => (int)Math.Min(m, columns - (start % columns));

    private static int ActiveUntil(MaskGrid mask, int first, long end)
    {
        var next = first;
        while (next < mask.Count && mask.Positions[next] < end)
        {
            next++;
        }

        return next - first;
    }

    private long Subsets(int size)
    {
        var most = Math.Min(N, size);
        return Full ? Binomial(size, most) : SubsetsAbove(size, -1);
    }

    /// <summary>A power, or something above <see cref="MostSubsets"/> where it is that large.</summary>
    private static long Choices(long subsets, int groups)
    {
        var choices = 1L;
        for (var i = 0; i < groups && choices <= MostSubsets; i++)
        {
            choices *= subsets;
        }

        return choices;
    }

    /// <summary>Subsets of more than <paramref name="active"/> cells: they are numbered first.</summary>
    private long SubsetsAbove(int size, int active)
    {
        var subsets = 0L;
        for (var cells = Math.Min(N, size); cells > active && subsets <= MostSubsets; cells--)
        {
            subsets += Binomial(size, cells);
        }

        return subsets;
    }

    /// <summary>Ways to choose k of n, or something above <see cref="MostSubsets"/> where there are that many.</summary>
    private static long Binomial(int n, int k)
    {
        var ways = k > n ? 0L : 1L;
        for (var i = 0; i < Math.Min(k, n - k) && ways <= MostSubsets; i++)
        {
            ways = ways * (n - i) / (i + 1);
        }

        return ways;
    }
}
