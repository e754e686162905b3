using System.Globalization;

namespace KernelGen.Serialization;

/// <summary>The formats for masks: choosing one, and reading its name.</summary>
internal static class MaskIndexes
{
    /// <summary>The smallest format for a mask; among equals the one that reads fastest.</summary>
    public static MaskIndex Smallest(MaskGrid mask, SparsityPattern? pattern = null)
        => Candidates(mask, pattern).MinBy(format => format.ByteCount(mask))!;

    /// <summary>All formats that can express a mask; a pattern adds the ones that are made for it.</summary>
    public static IEnumerable<MaskIndex> Candidates(MaskGrid mask, SparsityPattern? pattern = null)
    {
        yield return new BitmapIndex();
        yield return new CoordinateIndex();
        yield return new CsrIndex();
        yield return DeltaIndex.For(mask);
        yield return RiceIndex.For(mask);
        MaskIndex? special = pattern switch
        {
            NMPattern nm => NMIndex.For(mask, nm.N, nm.M),
            BlockPattern block => BlockIndex.For(mask, block.Rows, block.Columns),
            _ => null,
        };
        if (special is not null)
        {
            yield return special;
        }
    }

    /// <summary>Reads a format's name, or returns null where it names none.</summary>
    public static MaskIndex? Parse(string name)
    {
        // Blocks of blocks are no format: their nesting would have no bound.
        string[] words = name.Split(' ');
        return words is ["block", var size, var count, .. var blocks]
            ? ParsePair(size, 'x') is var (rows, columns) && ParseNumber(count) is { } blockCount && ParsePlain(blocks) is { } plain
                ? new BlockIndex(rows, columns, blockCount, plain)
                : null
            : ParsePlain(words);
    }

    /// <summary>Reads two numbers of at least 1 with a separator between them.</summary>
    public static (int First, int Second)? ParsePair(string text, char separator)
        => text.Split(separator) is [var first, var second]
            && ParseNumber(first) is { } a and > 0 && ParseNumber(second) is { } b and > 0
            ? (a, b)
            : null;

    private static MaskIndex? ParsePlain(string[] words) => words switch
    {
        ["bitmap"] => new BitmapIndex(),
        ["coo"] => new CoordinateIndex(),
        ["csr"] => new CsrIndex(),
        ["delta", var width] when ParseNumber(width) is { } bits and <= 31 => new DeltaIndex(bits),
        ["rice", var low] when ParseNumber(low) is { } bits and <= 31 => new RiceIndex(bits),
        ["nm", var pair] => ParseNM(pair, full: true, joined: 1),
        ["nm", var pair, "partial"] => ParseNM(pair, full: false, joined: 1),
        ["nm", var pair, "by", var groups] when ParseNumber(groups) is { } joined and > 1 => ParseNM(pair, full: true, joined),
        ["nm", var pair, "partial", "by", var groups] when ParseNumber(groups) is { } joined and > 1 => ParseNM(pair, full: false, joined),
        _ => null,
    };

    private static NMIndex? ParseNM(string pair, bool full, int joined)
        => ParsePair(pair, ':') is var (n, m) && n <= m && new NMIndex(n, m, full, joined) is { IsValid: true } format ? format : null;

    private static int? ParseNumber(string text)
        => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
