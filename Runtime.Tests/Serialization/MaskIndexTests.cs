using KernelGen.Serialization;
using Xunit;

namespace KernelGen.Runtime.Tests.Serialization;

public class MaskIndexTests
{
    private static readonly MaskGrid Small = new(2, 6, [1, 2, 9]);

    [Fact]
    public void Bitmap_has_a_bit_for_each_cell()
        => AssertEncoding(new BitmapIndex(), Small, Enumerable.Range(0, 12).Select(i => (i is 1 or 2 or 9 ? 1 : 0, 1)).ToArray());

    [Fact]
    public void Coordinates_take_the_bits_of_a_position() => AssertEncoding(new CoordinateIndex(), Small, (1, 4), (2, 4), (9, 4));

    [Fact]
    public void Csr_has_counts_then_columns() => AssertEncoding(new CsrIndex(), Small, (2, 2), (1, 2), (1, 3), (2, 3), (3, 3));

    [Fact]
    public void Deltas_take_the_bits_of_the_largest_gap()
    {
        Assert.Equal("delta 3", DeltaIndex.For(Small).Name);
        AssertEncoding(DeltaIndex.For(Small), Small, (1, 3), (0, 3), (6, 3));
    }

    [Fact]
    public void Rice_codes_have_the_high_bits_in_unary()
    {
        Assert.Equal("rice 1", RiceIndex.For(Small).Name);
        AssertEncoding(RiceIndex.For(Small), Small, (0b0, 1), (1, 1), (0b0, 1), (0, 1), (0b0111, 4), (0, 1));
    }

    [Fact]
    public void A_long_unary_run_comes_back()
    {
        var mask = new MaskGrid(1, 200, [31, 64, 130, 199]);
        Assert.Equal(mask.Positions, new RiceIndex(0).Decode(new RiceIndex(0).Encode(mask), 1, 200, 4).Positions);
    }

    [Fact]
    public void Groups_are_numbered_subsets()
    {
        // Of 3 cells: {0,1} {0,2} {1,2} come first, then {0} {1} {2}, then the empty set.
        Assert.Equal("nm 2:3 partial", NMIndex.For(Small, 2, 3)!.Name);
        AssertEncoding(NMIndex.For(Small, 2, 3)!, Small, (2, 3), (6, 3), (6, 3), (3, 3));
    }

    [Fact]
    public void Full_groups_have_fewer_subsets()
    {
        var mask = new MaskGrid(1, 9, [0, 3, 5, 6, 8]);
        Assert.Equal("nm 2:4", NMIndex.For(mask, 2, 4)!.Name);
        AssertEncoding(NMIndex.For(mask, 2, 4)!, mask, (3, 3), (2, 3));
        Assert.Null(NMIndex.For(mask, 1, 4));
    }

    [Fact]
    public void Joined_groups_are_the_digits_of_one_number()
    {
        // Two groups of 2 in 4 have the subsets 3 and 2 of 6; the last, cut to one cell, has one subset, and begins the second number.
        AssertEncoding(new NMIndex(2, 4, Full: true, Joined: 2), new MaskGrid(1, 9, [0, 3, 5, 6, 8]), (3 + (6 * 2), 6));

        // The same over two rows: the groups' sizes are 4 and 1 in turns.
        AssertEncoding(new NMIndex(2, 4, Full: true, Joined: 3), new MaskGrid(2, 5, [0, 3, 4, 7, 8, 9]), (3 + (6 * 1 * 5), 6));
    }

    [Fact]
    public void Blocks_are_the_cells_of_a_smaller_grid()
    {
        var mask = new MaskGrid(3, 6, [4, 5, 10, 11, 12, 13, 14, 15]);
        Assert.Equal("block 2x4 2 bitmap", BlockIndex.For(mask, 2, 4)!.Name);
        AssertEncoding(new BlockIndex(2, 4, 2, new CoordinateIndex()), mask, (1, 2), (2, 2));
        Assert.Null(BlockIndex.For(new MaskGrid(3, 6, [4, 5, 10, 12, 13, 14, 15]), 2, 4));
    }

    [Theory]
    [InlineData(2, 4)]
    [InlineData(1, 5)]
    [InlineData(3, 3)]
    [InlineData(5, 9)]
    [InlineData(16, 32)]
    [InlineData(2, 1000)]
    public void Every_subset_number_is_used_once(int n, int m)
    {
        var random = new Random(n + m);
        for (var i = 0; i < 200; i++)
        {
            var (rows, columns) = (1 + random.Next(4), 1 + random.Next(3 * m));
            var mask = Sample.Grid(Sample.Mask(random, rows, columns, new NMPattern(n, m), i % 2), rows, columns);
            var index = NMIndex.For(mask, n, m)!;
            var joined = Enumerable.Range(2, 31).Select(groups => index with { Joined = groups }).Where(format => format.IsValid);
            Assert.All(
                joined.Prepend(index with { Joined = 1 }).Prepend(index),
                format => Assert.Equal(mask.Positions, format.Decode(format.Encode(mask), rows, columns, mask.Count).Positions));
        }
    }

    [Theory]
    [InlineData("bitmap")]
    [InlineData("coo")]
    [InlineData("csr")]
    [InlineData("delta 31")]
    [InlineData("rice 0")]
    [InlineData("nm 2:4")]
    [InlineData("nm 2:4 partial")]
    [InlineData("nm 2:4 by 12")]
    [InlineData("nm 2:4 partial by 9")]
    [InlineData("block 2x4 17 rice 3")]
    [InlineData("block 2x4 17 nm 1:2")]
    public void A_name_is_read_back(string name) => Assert.Equal(name, MaskIndexes.Parse(name)?.Name);

    [Theory]
    [InlineData("")]
    [InlineData("bitmap ")]
    [InlineData("Bitmap")]
    [InlineData("delta")]
    [InlineData("delta 32")]
    [InlineData("delta -1")]
    [InlineData("delta +1")]
    [InlineData("rice 99999999999")]
    [InlineData("nm 4:2")]
    [InlineData("nm 0:2")]
    [InlineData("nm 2:4 full")]
    [InlineData("nm 64:128")]
    [InlineData("nm 2:4 by 1")]
    [InlineData("nm 2:4 by 13")]
    [InlineData("nm 2:4 by 2000000000")]
    [InlineData("nm 2:4 by")]
    [InlineData("nm 4:4 by 2")]
    [InlineData("nm 2:4 partial by 10")]
    [InlineData("block 2x4 coo")]
    [InlineData("block 0x4 1 coo")]
    [InlineData("block 2x4x1 1 coo")]
    [InlineData("block 2x4 1 block 2x4 1 coo")]
    public void Anything_else_is_no_format(string name) => Assert.Null(MaskIndexes.Parse(name));

    private static void AssertEncoding(MaskIndex index, MaskGrid mask, params (int Value, int Width)[] fields)
    {
        var bits = fields.SelectMany(field => Enumerable.Range(0, field.Width).Select(bit => (field.Value >> bit) & 1)).ToArray();
        var expected = bits.Chunk(8).Select(chunk => (byte)chunk.Select((bit, i) => bit << i).Sum());

        var data = index.Encode(mask);

        Assert.Equal(bits.Length, index.BitCount(mask));
        Assert.Equal(expected, data);
        Assert.Equal(mask.Positions, index.Decode(data, mask.Rows, mask.Columns, mask.Count).Positions);
    }
}
