using System.Buffers.Binary;
using KernelGen.Formats;
using KernelGen.Serialization;
using Xunit;

namespace KernelGen.Runtime.Tests.Serialization;

/// <summary>Valid files with one thing broken: they load as something valid or are refused, and nothing else happens.</summary>
public class DamageTests
{
    private static readonly LayerDescriptor Layer = Sample.Layer("Fc1", 3, 10, Sample.Unstructured, bias: false);
    private static readonly ModelDescriptor Model = Sample.Model(Layer);

    public static TheoryData<string> Formats
        =>
        [
            "bitmap", "coo", "csr", "delta 4", "rice 2", "nm 2:4", "nm 2:4 partial", "nm 2:4 by 5", "nm 2:4 partial by 3", "block 2x4 3 coo",
            "block 2x4 3 rice 0", "full", "file",
        ];

    [Theory]
    [MemberData(nameof(Formats))]
    public void Any_flipped_bit_is_refused_or_harmless(string format)
    {
        var (file, model) = Make(format);
        var refused = 0;
        for (var bit = 0; bit < 8 * file.Length; bit++)
        {
            file[bit / 8] ^= (byte)(1 << (bit % 8));
            refused += Allocation.TryRead(file, model) is null ? 0 : 1;
            file[bit / 8] ^= (byte)(1 << (bit % 8));
        }

        Assert.Null(Allocation.TryRead(file, model));
        Assert.InRange(refused, 6 * DataStart(file), 8 * file.Length);
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void Every_other_byte_in_the_place_of_one_is_refused_or_harmless(string format)
    {
        var (file, model) = Make(format);
        for (var i = DataStart(file); i < file.Length; i++)
        {
            var old = file[i];
            for (var value = 0; value < 256; value++)
            {
                file[i] = (byte)value;
                Allocation.TryRead(file, model);
            }

            file[i] = old;
        }
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void A_file_cut_anywhere_is_refused(string format)
    {
        var (file, model) = Make(format);
        for (var length = 0; length < file.Length; length++)
        {
            Assert.NotNull(Allocation.TryRead(file[..length], model));
        }

        Assert.NotNull(Allocation.TryRead([.. file, 0], model));
    }

    [Theory]
    [InlineData("bitmap", 2, new byte[] { 0b11, 0, 0, 0b0100_0000 }, "padding bits are not zero")]
    [InlineData("bitmap", 2, new byte[] { 0b11, 0, 0, 0, 0 }, "1 bytes too long")]
    [InlineData("bitmap", 2, new byte[] { 0b11, 0, 0 }, "ends early")]
    [InlineData("bitmap", 2, new byte[] { 0b111, 0, 0, 0 }, "more than 2 cells")]
    [InlineData("bitmap", 2, new byte[] { 0b1, 0, 0, 0 }, "1 cells are active, not 2")]
    [InlineData("coo", 2, new byte[] { 0b001_00010, 0 }, "cell 1 follows cell 2")]
    [InlineData("coo", 2, new byte[] { 0b010_00010, 0 }, "cell 2 follows cell 2")]
    [InlineData("coo", 2, new byte[] { 0b110_00001, 0b11 }, "cell 30 follows cell 1 of 30")]
    [InlineData("csr", 2, new byte[] { 0b00_01_00_10, 0, 0 }, "3 active cells, not 2")]
    [InlineData("csr", 2, new byte[] { 0b01_00_00_10, 0, 0 }, "column 0 follows column 1")]
    [InlineData("csr", 2, new byte[] { 0b01_00_00_10, 0b1010_00, 0 }, "column 10 follows column 1 of 10")]
    [InlineData("delta 5", 2, new byte[] { 0b001_11101, 0b00 }, "cell 31 lies outside the 30 cells")]
    [InlineData("rice 0", 2, new byte[] { 0xFF, 0xFF, 0xFF, 0xFF }, "ends early")]
    [InlineData("rice 31", 1, new byte[] { 0b1111_1111, 0, 0, 0, 0 }, "outside the 30 cells")]
    [InlineData("nm 2:4", 2, new byte[] { 0b111, 0, 0, 0 }, "7 numbers none of the 6 subsets")]
    [InlineData("nm 2:4", 2, new byte[] { 0, 0, 0, 0 }, "more than 2 cells")]
    [InlineData("nm 2:4 partial", 29, new byte[] { 0, 0, 0, 0, 0 }, "18 cells are active, not 29")]
    [InlineData("nm 2:4 by 5", 16, new byte[] { 0xFF, 0xFF, 1 }, "2047 numbers none of the 1296 subsets of 5 groups")]
    [InlineData("nm 2:4 by 5", 16, new byte[] { 0, 0 }, "ends early")]
    [InlineData("nm 2:4 by 5", 17, new byte[] { 0, 0, 0 }, "more than 17 cells")]
    [InlineData("nm 2:4 by 13", 18, new byte[] { 0, 0, 0 }, "unknown")]
    [InlineData("block 2x4 3 coo", 2, new byte[] { 0, 0 }, "3 blocks can't share 2")]
    [InlineData("block 2x4 2 coo", 9, new byte[] { 0b00010000 }, "hold 12 active cells, not 9")]
    [InlineData("block 2x4 2 coo", 16, new byte[] { 0b00000001 }, "cell 0 follows cell 1")]
    public void A_mask_that_contradicts_itself_is_refused(string format, int values, byte[] mask, string problem)
    {
        var file = RawFile.Make(
            $"\"kernelgen.version\":\"1\",\"Fc1.mask\":\"3x10 {format}\"",
            ("Fc1.values", "F32", $"{values}", new byte[4 * values]),
            ("Fc1.mask", "U8", $"{mask.Length}", mask));

        Allocation.AssertRejected(file, Model, problem);
        Allocation.AssertRejected(file, Model, "Layer 'Fc1', tensor 'Fc1.mask'");
    }

    private static int DataStart(byte[] file) => 8 + (int)BinaryPrimitives.ReadInt64LittleEndian(file);

    /// <summary>A small file whose mask is in the given format, or one that the writer makes with several layers.</summary>
    private static (byte[] File, ModelDescriptor Model) Make(string format)
    {
        if (format is "full" or "file")
        {
            LayerDescriptor[] layers = format == "full"
                ? [Layer with { Pattern = Sample.Dense }]
                : [Layer, Sample.Layer("Fc2", 2, 3, new NMPattern(1, 2)), Sample.Layer("Fc3", 1, 2, Sample.Dense)];
            var weights = layers.Select(layer => Sample.Weights(new Random(1), layer, 0.4)).ToArray();
            return (Sample.Write(Sample.Model(layers), weights), Sample.Model(layers));
        }

        SparsityPattern pattern = format.Split(' ')[0] switch
        {
            "nm" => new NMPattern(2, 4),
            "block" => new BlockPattern(2, 4, 0),
            _ => Sample.Unstructured,
        };
        var index = MaskIndexes.Parse(format)!;
        MaskGrid mask;
        var seed = 0;
        do
        {
            var density = index is NMIndex { Full: true } ? 1 : 0.4;
            mask = Sample.Grid(Sample.Mask(new Random(seed++), 3, 10, pattern, density), 3, 10);
        }
        while ((index is DeltaIndex delta && DeltaIndex.For(mask).Width > delta.Width)
            || (index is BlockIndex block && BlockIndex.For(mask, 2, 4)!.BlockCount != block.BlockCount));

        var bytes = index.Encode(mask);
        var file = RawFile.Make(
            $"\"kernelgen.version\":\"1\",\"Fc1.mask\":\"3x10 {format}\"",
            ("Fc1.values", "F32", $"{mask.Count}", RawFile.Float32(Sample.Numbers(new Random(1), mask.Count))),
            ("Fc1.mask", "U8", $"{bytes.Length}", bytes));
        return (file, Model);
    }
}
