using System.Text;
using KernelGen.Serialization;
using Xunit;

namespace KernelGen.Runtime.Tests.Serialization;

/// <summary>Headers that break the format, each in one way, and what is still allowed.</summary>
public class HeaderTests
{
    private const string Good = """{"Fc1.weight":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]}}""";

    private static readonly byte[] TwoFloats = RawFile.Float32(1, 2);
    private static readonly ModelDescriptor Model = Sample.Model(Sample.Layer("Fc1", 1, 2, Sample.Dense, bias: false));

    public static TheoryData<string, string> BadHeaders => new()
    {
        { " " + Good, "doesn't start with '{'" },
        { "[]", "doesn't start with '{'" },
        { "", "doesn't start with '{'" },
        { "{", "not valid JSON" },
        { Good + "x", "not valid JSON" },
        { Good + "{}", "not valid JSON" },
        { Good.Replace("}}", "},}", StringComparison.Ordinal), "not valid JSON" },
        { """{"a":[1]}""", "other than an object" },
        { Entry("""{"dtype":"F32","shape":[1,2]}"""), "lacks dtype, shape or data_offsets" },
        { Entry("""{"dtype":"F32","data_offsets":[0,8]}"""), "lacks dtype, shape or data_offsets" },
        { Entry("""{"shape":[1,2],"data_offsets":[0,8]}"""), "lacks dtype, shape or data_offsets" },
        { Entry("""{"dtype":"F32","dtype":"F32","shape":[1,2],"data_offsets":[0,8]}"""), "'dtype', twice" },
        { Entry("""{"dtype":"F32","shape":[1,2],"shape":[1,2],"data_offsets":[0,8]}"""), "'shape', twice" },
        { Entry("""{"dtype":"F32","shape":[1,2],"data_offsets":[0,8],"data_offsets":[0,8]}"""), "'data_offsets', twice" },
        { Entry("""{"dtype":"F32","shape":[1,2],"data_offsets":[0,8],"stride":[2]}"""), "'stride', which is unknown" },
        { Entry("""{"dtype":4,"shape":[1,2],"data_offsets":[0,8]}"""), "dtype that is no string" },
        { Entry("""{"dtype":"F33","shape":[1,2],"data_offsets":[0,8]}"""), "unknown dtype 'F33'" },
        { Entry("""{"dtype":"F32","shape":2,"data_offsets":[0,8]}"""), "shape that is no array" },
        { Entry("""{"dtype":"F32","shape":[1,-2],"data_offsets":[0,8]}"""), "other than whole numbers" },
        { Entry("""{"dtype":"F32","shape":[1,2.0],"data_offsets":[0,8]}"""), "other than whole numbers" },
        { Entry("""{"dtype":"F32","shape":[1,2e0],"data_offsets":[0,8]}"""), "other than whole numbers" },
        { Entry("""{"dtype":"F32","shape":[1,"2"],"data_offsets":[0,8]}"""), "other than whole numbers" },
        { Entry("""{"dtype":"F32","shape":[1,[2]],"data_offsets":[0,8]}"""), "other than whole numbers" },
        { Entry("""{"dtype":"F32","shape":[1,2],"data_offsets":[-0,8]}"""), "other than whole numbers" },
        { Entry("""{"dtype":"F32","shape":[1,2],"data_offsets":[0,18446744073709551624]}"""), "other than whole numbers" },
        { Entry("""{"dtype":"F32","shape":[1,2],"data_offsets":[0,8,8]}"""), "no range" },
        { Entry("""{"dtype":"F32","shape":[1,2],"data_offsets":[0]}"""), "no range" },
        { Entry("""{"dtype":"F32","shape":[1,2],"data_offsets":[8,0]}"""), "no range" },
        { Entry("""{"dtype":"F32","shape":[1,3],"data_offsets":[0,8]}"""), "shape [1, 3] 8 bytes" },
        { Entry("""{"dtype":"F64","shape":[1,2],"data_offsets":[0,8]}"""), "dtype F64" },
        { Entry("""{"dtype":"F32","shape":[4294967296,4294967296,2],"data_offsets":[0,8]}"""), "8 bytes" },
        { Entry("""{"dtype":"F32","shape":[2305843009213693954,2],"data_offsets":[0,16]}"""), "16 bytes" },
        { Two("[0,8]", "[4,12]"), "overlaps" },
        { Two("[0,8]", "[0,8]"), "overlaps" },
        { Two("[0,8]", "[9,17]"), "leaves 1 unused bytes" },
        { Two("[1,9]", "[9,17]"), "leaves 1 unused bytes" },
        { """{"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0]},"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}}""", "named 'a'" },
        { """{"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0]},"\u0061":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}}""", "named 'a'" },
        { """{"__metadata__":{},"__metadata__":{}}""", "two __metadata__" },
        { """{"__metadata__":[]}""", "no object" },
        { """{"__metadata__":{"a":1}}""", "no string" },
        { """{"__metadata__":{"a":{}}}""", "no string" },
        { """{"__metadata__":{"a":"1","a":"2"}}""", "'a' twice" },
        { """{"\ud800":{}}""", "not valid JSON" },
        { "{\"a\":" + new string('[', 1000), "other than an object" },
        { """{"a":{"dtype":"F32","shape":""" + new string('[', 1000), "other than whole numbers" },
    };

    [Fact]
    public void The_good_header_is_good() => AssertReads(RawFile.Make(Good, TwoFloats));

    [Theory]
    [MemberData(nameof(BadHeaders))]
    public void A_header_that_breaks_the_format_is_rejected(string header, string problem)
        => AssertRejected(RawFile.Make(header, new byte[17]), problem);

    [Fact]
    public void Text_that_is_not_utf8_is_rejected()
        => AssertRejected(RawFile.Make([.. "{\""u8, 0xFF, .. "\":{}}"u8], []), "not valid JSON");

    [Theory]
    [InlineData(" ")]
    [InlineData("                                ")]
    [InlineData("\n\t ")]
    public void Space_after_the_header_is_accepted(string padding) => AssertReads(RawFile.Make(Good + padding, TwoFloats));

    [Fact]
    public void White_space_and_any_order_inside_the_header_are_accepted()
        => AssertReads(RawFile.Make(
            """{ "Fc1.weight" : { "data_offsets" : [ 0 , 8 ] , "shape" : [ 1, 2 ], "dtype" : "F32" } , "__metadata__" : {} }""", TwoFloats));

    [Fact]
    public void A_header_above_the_limit_is_rejected_before_it_is_read()
    {
        AssertRejected([0x01, 0xE1, 0xF5, 0x05, 0, 0, 0, 0, (byte)'{'], "This is no safetensors file: its first 8 bytes claim a header of 100000001 bytes");
        AssertRejected([0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, (byte)'{'], "a header of 18446744073709551615 bytes");
    }

    [Fact]
    public void A_header_that_the_file_does_not_hold_is_rejected_without_memory_for_it()
        => AssertRejected([0x00, 0xE1, 0xF5, 0x05, 0, 0, 0, 0, .. Encoding.UTF8.GetBytes(Good)], "ends in its header");

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    public void A_file_that_ends_in_the_length_is_rejected(int length) => AssertRejected(new byte[length], "ends in its first 8 bytes");

    [Fact]
    public void A_tensor_that_leaves_the_file_is_rejected_without_memory_for_it()
    {
        var huge = Sample.Model(Sample.Layer("Fc1", 40_000, 40_000, Sample.Unstructured, bias: false));
        var header = """{"Fc1.weight":{"dtype":"F32","shape":[40000,40000],"data_offsets":[0,6400000000]}}""";
        Allocation.AssertRejected(RawFile.Make(header, TwoFloats), huge, "ends in tensor 'Fc1.weight'");
    }

    [Fact]
    public void A_mask_that_leaves_the_file_is_rejected_without_memory_for_it()
    {
        var header = """
            {"__metadata__":{"kernelgen.version":"1","Fc1.mask":"1x2 bitmap"},
            "Fc1.values":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},
            "Fc1.mask":{"dtype":"U8","shape":[2000000000],"data_offsets":[4,2000000004]}}
            """;
        AssertRejected(RawFile.Make(header, TwoFloats), "ends in tensor 'Fc1.mask'");
        AssertRejected(
            RawFile.Make(header.Replace("2000000000", "9000000000000000000", StringComparison.Ordinal)
                .Replace("2000000004", "9000000000000000004", StringComparison.Ordinal), TwoFloats),
            "more than an array holds");
    }

    [Fact]
    public void Bytes_after_the_last_tensor_are_rejected()
        => AssertRejected(RawFile.Make(Good, [.. TwoFloats, 0]), "goes on after its last tensor");

    [Theory]
    [InlineData("BOOL", 1)]
    [InlineData("U8", 1)]
    [InlineData("I8", 1)]
    [InlineData("F8_E4M3", 1)]
    [InlineData("F8_E5M2", 1)]
    [InlineData("I16", 2)]
    [InlineData("U16", 2)]
    [InlineData("F16", 2)]
    [InlineData("BF16", 2)]
    [InlineData("I32", 4)]
    [InlineData("U32", 4)]
    [InlineData("F32", 4)]
    [InlineData("I64", 8)]
    [InlineData("U64", 8)]
    [InlineData("F64", 8)]
    public void A_tensor_of_any_known_type_can_be_passed_over(string type, int size)
    {
        var file = RawFile.Make("", ("step", type, "3", new byte[3 * size]), ("Fc1.weight", "F32", "1,2", TwoFloats));
        using var stream = new MemoryStream(file);
        Assert.Equal(2, ModelFile.Read(stream, Model, new Dictionary<string, string> { ["step"] = "" })[0].Matrix.Nonzeros);
    }

    private static string Entry(string value) => $"{{\"Fc1.weight\":{value}}}";

    private static string Two(string first, string second)
        => Entry($$"""{"dtype":"F32","shape":[1,2],"data_offsets":{{first}}},"b":{"dtype":"F32","shape":[2],"data_offsets":{{second}}}""");

    private static void AssertReads(byte[] file) => Assert.Equal([1, 2], Sample.Read(file, Model)[0].Matrix.Values.ToArray());

    private static void AssertRejected(byte[] file, string problem) => Allocation.AssertRejected(file, Model, problem);
}
