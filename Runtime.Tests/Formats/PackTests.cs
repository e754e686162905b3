using KernelGen.Formats;
using Xunit;

namespace KernelGen.Runtime.Tests;

/// <summary>Every packer against a decoder of its own, over random matrices of awkward shapes.</summary>
public sealed class PackTests
{
    private static readonly (int Rows, int Columns)[] Shapes =
        [(1, 1), (1, 37), (41, 1), (2, 3), (7, 11), (13, 17), (16, 32), (17, 33), (31, 64), (48, 100), (5, 257), (67, 131)];

    public static TheoryData<string> FormatNames => [.. Formats.Keys];

    private static Dictionary<string, PackFormat> Formats { get; } = new PackFormat[]
    {
        new TileFormat(1), new TileFormat(4), new TileFormat(6), new TileFormat(16), new TileFormat(128),
        new PanelCsrFormat(1, 32), new PanelCsrFormat(7, 128), new PanelCsrFormat(128, 64), new PanelCsrFormat(256, 64), new PanelCsrFormat(5, 64, WideCounts: true),
        new WindowFormat(1, 64, 4, LaneIndex.Column), new WindowFormat(4, 16, 2, LaneIndex.TableBytes), new WindowFormat(8, 16, 1, LaneIndex.Column),
        new WindowFormat(16, 32, 3, LaneIndex.Bits5), new WindowFormat(16, 256, 5, LaneIndex.Column), new WindowFormat(3, 5, 2, LaneIndex.TableBytes),
        new WindowFormat(4, 64, 3, LaneIndex.TableBytes), new WindowFormat(16, 32, 4, LaneIndex.Bits5), new WindowFormat(8, 16, 9, LaneIndex.Bits4),
        new GroupFormat(8, 16, 16, 1, LaneIndex.Column), new GroupFormat(16, 4, 4, 3, LaneIndex.Bits2), new GroupFormat(16, 32, 32, 1, LaneIndex.Bits5),
        new BlockFormat(1, 1), new BlockFormat(2, 4), new BlockFormat(16, 3), new BlockFormat(5, 7), new BlockFormat(64, 1),
        new LaneBlockFormat(16, 8, 8, 8, 1), new LaneBlockFormat(16, 4, 4, 4, 2), new LaneBlockFormat(16, 1, 7, 8, 4),
        new LaneBlockFormat(8, 2, 3, 4, 3),
    }.ToDictionary(Name);

    [Theory]
    [MemberData(nameof(FormatNames))]
    public void Pack_holds_the_matrix_exactly(string name)
    {
        var format = Formats[name];
        for (var seed = 0; seed < 8; seed++)
        {
            foreach (var (rows, columns) in Shapes)
            {
                foreach (var density in new[] { 0, 0.05, 0.3, 0.9, 1 })
                {
                    var random = new Random(seed);
                    var weights = format switch
                    {
                        BlockFormat block => Weights.RandomBlocks(random, rows, columns, block.Rows, block.Columns, density),
                        LaneBlockFormat block => Weights.RandomBlocks(random, rows, columns, block.Rows, block.Columns, density),
                        _ => Weights.Random(random, rows, columns, density),
                    };
                    AssertHolds(format, weights.WithBias(random), $"seed {seed}, {rows}x{columns}, density {density}");
                }
            }
        }
    }

    [Theory]
    [InlineData(2, 4)]
    [InlineData(1, 8)]
    [InlineData(3, 5)]
    [InlineData(1, 2)]
    public void Groups_hold_an_NM_matrix(int n, int m)
    {
        foreach (var (rows, columns) in Shapes)
        {
            foreach (var (index, columnsInReach) in new[]
            {
                (LaneIndex.Column, 64), (LaneIndex.TableBytes, 4), (LaneIndex.TableBytes, 16), (LaneIndex.Bits2, 4), (LaneIndex.Bits4, 16), (LaneIndex.Bits5, 32),
            })
            {
                foreach (var reaches in m <= columnsInReach ? [1, 2, 3] : Array.Empty<int>())
                {
                    var groups = columnsInReach / m;
                    var weights = Weights.RandomGroups(new Random(reaches), rows, columns, n, m);
                    foreach (var lanes in new[] { 4, 8, 16 })
                    {
                        var format = new GroupFormat(lanes, groups * m, groups * n, reaches, index);
                        AssertHolds(format, weights, $"seed {reaches}, {rows}x{columns}, {n}:{m}, {index}, {lanes} lanes");
                    }
                }
            }
        }
    }

    [Fact]
    public void Rows_of_one_length_waste_little_of_their_windows()
    {
        // Equal counts, so that only where the columns lie sets rows apart; simulated beforehand: 63% at a density of 0.1, 81% at 0.2.
        foreach (var (density, least) in new[] { (0.1, 0.6), (0.2, 0.78) })
        {
            var weights = Weights.Random(new Random(9), 512, 1024, density);
            var pack = Pack.Create(weights.ToMatrix(), [], new WindowFormat(16, 32, 3, LaneIndex.Bits5));
            Assert.InRange(4.0 * weights.Mask.Count(active => active) / pack.Parts[0].Arrays.Values.Bytes, least, 1);
        }
    }

    [Theory]
    [InlineData(4, 0, 0)]
    [InlineData(8, 0, 0)]
    [InlineData(16, 0, 0)]
    [InlineData(4, 9, 16)]
    [InlineData(8, 9, 16)]
    [InlineData(16, 9, 16)]
    public void Groups_reject_a_row_with_more(int lanes, int row, int firstColumn)
    {
        var weights = Weights.RandomGroups(new Random(1), 20, 24, 4, 8);
        for (var column = firstColumn; column < firstColumn + 5; column++)
        {
            weights.Mask[(row * 24) + column] = true;
        }

        var error = Assert.Throws<InvalidOperationException>(
            () => Pack.Create(weights.ToMatrix(), [], new GroupFormat(lanes, 8, 4, 1, LaneIndex.Column)));

        Assert.Contains($"Row {row} has more than 4 weights in the 8 columns from {firstColumn} on", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(FormatNames))]
    public void A_packer_writes_nothing_behind_its_memory(string name)
    {
        using var guard = GuardedMemory.Install(GuardedMemory.Side.End);
        var format = Formats[name];
        foreach (var (rows, columns) in Shapes)
        {
            foreach (var density in new[] { 0.3, 0.9, 1 })
            {
                AssertHolds(format, Weights.RandomBlocks(new Random(11), rows, columns, 4, 8, density), $"guarded, seed 11, {rows}x{columns}, density {density}");
            }
        }
    }

    [Fact]
    public void Packed_weights_are_aligned_and_live_as_long_as_their_pack()
    {
        var weights = Weights.Random(new Random(2), 67, 131, 0.3).WithBias(new Random(3));
        var packs = Formats.Values.Select(format => (format, pack: Pack.Create(weights.ToMatrix(), weights.Bias, format))).ToArray();
        GC.Collect();
        GC.Collect();

        foreach (var (format, pack) in packs.Where(pair => pair.format is not (BlockFormat or LaneBlockFormat)))
        {
            AssertAligned(pack);
            AssertSame(weights, PackDecoder.Decode(pack, 67, 131), format.ToString());
        }
    }

    [Fact]
    public void Bytes_count_weights_indices_counts_and_bias()
    {
        var weights = Weights.Random(new Random(4), 13, 40, 0.5);
        var matrix = weights.ToMatrix();

        Assert.Equal((16 * 40 * 4) + (16 * 4), Pack.Create(matrix, [], new TileFormat(4)).Bytes);
        // 2 blocks of 7 pairs; a column that two rows share is written once.
        var csr = Pack.Create(matrix, [], new PanelCsrFormat(32, 32));
        Assert.InRange(csr.Bytes - (matrix.Nonzeros * 4) - (2 * 7 * 10) - (14 * 4), matrix.Nonzeros, matrix.Nonzeros * 2);
        Assert.Equal((16 * 5 * 8 * 5) + (16 * 4), Pack.Create(matrix, [], new GroupFormat(4, 8, 8, 1, LaneIndex.Column)).Bytes);
        // 4 tiles, 3 reaches of 16 steps each, 8 columns to a word of 4 bytes.
        Assert.Equal((4 * 3 * 4 * ((16 * 4) + (2 * 4))) + (16 * 4), Pack.Create(matrix, [], new GroupFormat(4, 16, 16, 1, LaneIndex.Bits4)).Bytes);
    }

    [Fact]
    public void Parts_hold_the_rows_between_boundaries_that_cut_no_tile()
    {
        using var small = SmallParts.Install();
        var weights = Weights.Random(new Random(5), 331, 40, 0.5).WithBias(new Random(6));
        foreach (var format in Formats.Values)
        {
            var pack = Pack.Create(weights.ToMatrix(), weights.Bias, format);
            Assert.InRange(pack.Parts.Length, 2, 16);
            var (least, most) = (int.MaxValue, 0);
            foreach (var part in pack.Parts)
            {
                Assert.Equal(part.First, format.PaddedRows(part.First));
                Assert.Equal(0, part.First % 16);
                Assert.Equal(weights.Bias[part.First], BiasOf(part));
                var rows = part.Weights.Rows;
                (least, most) = (Math.Min(least, rows), Math.Max(most, rows));
            }

            // Equal shares, but for whole tiles.
            Assert.True(most <= least + (3 * Math.Max(16, 331 / pack.Parts.Length)), $"{format}: parts of {least} to {most} rows");
            if (format is not (BlockFormat or LaneBlockFormat))
            {
                AssertSame(weights, PackDecoder.Decode(pack, 331, 40), $"{format}, seeds 5 and 6");
            }
        }
    }

    [Fact]
    public void A_slice_holds_its_rows()
    {
        foreach (var density in new[] { 0, 0.3, 1 })
        {
            var weights = Weights.Random(new Random(8), 37, 11, density);
            var slice = new float[20 * 11];
            weights.ToMatrix().Slice(9, 20).ToDense(slice);

            Assert.Equal(weights.Values[(9 * 11)..(29 * 11)], slice);
        }
    }

    /// <summary>A full slice of a matrix that isn't: its rows' columns lie behind those of the rows before.</summary>
    [Fact]
    public void A_full_slice_holds_its_rows()
    {
        var weights = Weights.Random(new Random(8), 37, 11, 0.3);
        Array.Fill(weights.Mask, true, 9 * 11, 20 * 11);
        Array.Fill(weights.Values, 2, 9 * 11, 20 * 11);
        var slice = weights.ToMatrix().Slice(9, 20);
        var (dense, whole) = (new float[20 * 11], new float[37 * 11]);
        slice.ToDense(dense);
        PackDecoder.Decode(Pack.Create(slice, [], new PanelCsrFormat(4, 32)), 20, 11).Dense.CopyTo(whole, 9 * 11);

        Assert.True(slice.IsFull);
        Assert.Equal(weights.Values[(9 * 11)..(29 * 11)], dense);
        Assert.Equal(weights.Values[(9 * 11)..(29 * 11)], whole[(9 * 11)..(29 * 11)]);
    }

    private static string Name(PackFormat format) => format switch
    {
        WindowFormat window => $"{window}, {window.Index}",
        GroupFormat group => $"{group}, {group.Index}, {group.Reaches} reaches",
        PanelCsrFormat { WideCounts: true } => $"{format}, wide counts",
        _ => format.ToString(),
    };

    private static void AssertHolds(PackFormat format, Weights weights, string what)
    {
        AssertHolds(format, weights, quick: false, $"{format}, {what}");
        AssertHolds(format, weights, quick: true, $"{format}, quick, {what}");
        var sharing = Pack.Create(weights.ToMatrix(), weights.Bias, format, quick: true, shares: true);
        AssertSame(weights, PackDecoder.Decode(sharing, weights.Out, weights.In), $"{format}, quick and sharing, {what}");
    }

    private static void AssertHolds(PackFormat format, Weights weights, bool quick, string what)
    {
        var pack = Pack.Create(weights.ToMatrix(), weights.Bias, format, quick);
        AssertSame(weights, PackDecoder.Decode(pack, weights.Out, weights.In), what);
        var bytes = pack.Parts[0].Arrays.Bytes;
        Assert.True(bytes == PackWork.Of(weights.ToMatrix(), format, quick).Bytes, $"{what}: the cost model counts other bytes than {bytes}");
        if (format is PanelCsrFormat)
        {
            Assert.Equal(weights.Mask.Count(active => active), pack.Parts[0].Arrays.Values.Bytes / 4);
        }

        var bias = BiasOf(pack, format.PaddedRows(weights.Out));
        Assert.Equal(weights.Bias, bias.Take(weights.Bias.Length));
        Assert.All(bias.Skip(weights.Bias.Length), value => Assert.Equal(0, BitConverter.SingleToInt32Bits(value)));
    }

    private static void AssertSame(Weights weights, Decoded decoded, string what)
    {
        for (var i = 0; i < weights.Values.Length; i++)
        {
            var bits = BitConverter.SingleToInt32Bits(weights.Values[i]);
            Assert.True(
                bits == BitConverter.SingleToInt32Bits(decoded.Dense[i]) && decoded.Stored[i] == (bits == 0 ? 0 : 1),
                $"{what}: weight {i} is {weights.Values[i]}, decoded {decoded.Dense[i]}, stored {decoded.Stored[i]} times");
        }
    }

    private static unsafe float[] BiasOf(Pack pack, int count) => new ReadOnlySpan<float>(pack.Parts[0].Weights.Bias, count).ToArray();

    private static unsafe float BiasOf(PackPart part) => *part.Weights.Bias;

    private static unsafe void AssertAligned(Pack pack)
    {
        var weights = pack.Parts[0].Weights;
        Assert.Equal(0, ((nint)weights.Values | (nint)weights.Indices | (nint)weights.Counts | (nint)weights.Bias) % AlignedBuffer.Alignment);
    }
}
