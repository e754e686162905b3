namespace KernelGen.Serialization;

/// <summary>
/// One number for every M consecutive cells of a row: which of the subsets of at most N cells is active, in the combinatorial
/// number system. Where all groups are full there are C(M, N) subsets: 3 bits for 2:4, where N slots of ceil(log2 M) bits would
/// take as many bits as a bitmap. A cut last group has its own number of subsets.
/// </summary>
/// <param name="N">Active cells in a group, at most.</param>
/// <param name="M">Cells in a group.</param>
/// <param name="Full">Whether every group has as many active cells as it may.</param>
internal sealed record NMIndex(int N, int M, bool Full) : MaskIndex
{
    private const long MostSubsets = 1L << 32;

    public override string Name => Full ? $"nm {N}:{M}" : $"nm {N}:{M} partial";

    /// <summary>Whether a group's number fits into 32 bits.</summary>
    public bool IsValid => Subsets(M) <= MostSubsets;

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
        return format.IsValid ? format : null;
    }

    public override long BitCount(MaskGrid mask)
    {
        var (whole, cut) = Math.DivRem(mask.Columns, M);
        return mask.Rows * (((long)whole * BitWidth.Of(Subsets(M))) + BitWidth.Of(Subsets(cut)));
    }

    internal override void Write(MaskGrid mask, BitWriter bits)
    {
        var next = 0;
        for (var start = 0L; start < mask.Cells; start += Size(start, mask.Columns, M))
        {
            var size = Size(start, mask.Columns, M);
            var active = ActiveUntil(mask, next, start + size);
            var number = SubsetsAbove(size, active);
            for (var i = 0; i < active; i++)
            {
                number += Binomial((int)(mask.Positions[next + i] - start), i + 1);
            }

            bits.Write((uint)number, BitWidth.Of(Subsets(size)));
            next += active;
        }
    }

    internal override int[] Read(BitReader bits, int rows, int columns, int count)
    {
        var positions = new int[count];
        var next = 0;
        for (var start = 0L; start < (long)rows * columns; start += Size(start, columns, M))
        {
            var size = Size(start, columns, M);
            long number = bits.Read(BitWidth.Of(Subsets(size)));
            if (number >= Subsets(size))
            {
                throw new InvalidDataException($"{number} numbers none of the {Subsets(size)} subsets of a group");
            }

            var active = Math.Min(N, size);
            for (; number >= Binomial(size, active); active--)
            {
                number -= Binomial(size, active);
            }

            if (active > count - next)
            {
                throw new InvalidDataException($"more than {count} cells are active");
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

            next += active;
        }

        return next == count ? positions : throw new InvalidDataException($"{next} cells are active, not {count}");
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
