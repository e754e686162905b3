using KernelGen.Serialization;
using Xunit;

namespace KernelGen.Runtime.Tests.Serialization;

/// <summary>Files as other tools write them: dense tensors under names of their own.</summary>
public class ForeignFileTests
{
    private static readonly float[] Weights = [1, 0, -2, 0.5f, -0f, 3, 0, 0];
    private static readonly float[] Bias = [-1, 0.25f];
    private static readonly ModelDescriptor Model = Sample.Model(Sample.Layer("Fc1", 2, 4, Sample.Unstructured));
    private static readonly Dictionary<string, string> Names = new() { ["fc1.weight"] = "Fc1.weight", ["fc1.bias"] = "Fc1.bias" };

    public static TheoryData<string, byte[], byte[]> Types => new()
    {
        { "F32", RawFile.Float32(Weights), RawFile.Float32(Bias) },
        { "F64", RawFile.Float64([.. Weights]), RawFile.Float64([.. Bias]) },
        { "F16", RawFile.Float16(Weights), RawFile.Float16(Bias) },
        { "BF16", RawFile.BFloat16(Weights), RawFile.BFloat16(Bias) },
    };

    [Theory]
    [MemberData(nameof(Types))]
    public void Dense_tensors_of_any_float_type_are_read(string type, byte[] weights, byte[] bias)
    {
        var file = RawFile.Make("\"format\":\"pt\"", ("fc1.bias", type, "2", bias), ("fc1.weight", type, "2,4", weights));

        var layer = Sample.Read(file, Model, Names)[0];

        var dense = new float[8];
        layer.Matrix.ToDense(dense);
        Assert.Equal(Weights, dense);
        Assert.Equal(Bias, layer.Bias);
        Assert.Equal(4, layer.Matrix.Nonzeros);
    }

    [Fact]
    public void A_layer_that_is_declared_dense_keeps_its_zeros_active()
    {
        var model = Sample.Model(Sample.Layer("Fc1", 2, 4, Sample.Dense, bias: false));
        var file = RawFile.Make("", ("Fc1.weight", "F32", "2,4", RawFile.Float32(Weights)));

        var values = Sample.Read(file, model)[0].Matrix.Values.ToArray();

        Assert.Equal(Weights.Select(BitConverter.SingleToUInt32Bits), values.Select(BitConverter.SingleToUInt32Bits));
    }

    [Fact]
    public void Metadata_of_another_tool_has_no_meaning()
    {
        var file = RawFile.Make(
            "\"Fc1.weight\":\"anything\"", ("Fc1.weight", "F32", "2,4", RawFile.Float32(Weights)), ("Fc1.bias", "F32", "2", RawFile.Float32(Bias)));

        Assert.Equal(4, Sample.Read(file, Model)[0].Matrix.Nonzeros);
    }

    [Fact]
    public void A_sparse_file_is_read_under_other_names()
    {
        var weights = Sample.Weights(new Random(1), Model.Layers[0], 0.4);
        var file = Sample.Write(Sample.Model(Model.Layers[0] with { Name = "Hidden" }), weights);
        var names = new Dictionary<string, string>
        {
            ["Hidden.values"] = "Fc1.values",
            ["Hidden.mask"] = "Fc1.mask",
            ["Hidden.bias"] = "Fc1.bias",
        };

        Sample.AssertSame(weights, Sample.Read(file, Model, names)[0]);
    }

    [Fact]
    public void A_missing_weight_is_named_with_what_the_file_has()
        => AssertRejected("lacks the tensor 'Fc1.weight'. The file also holds 'fc1.weight'", ("fc1.weight", "F32", "2,4", 8));

    [Fact]
    public void One_map_serves_files_that_lack_some_of_its_names()
    {
        var file = File(("fc1.weight", "F32", "2,4", 8), ("fc1.bias", "F32", "2", 2));
        var names = new Dictionary<string, string>(Names) { ["model.fc1.weight"] = "Fc1.weight", ["step"] = "" };

        Assert.Equal(2, Sample.Read(file, Model, names)[0].Bias.Length);
    }

    [Fact]
    public void A_misspelt_name_is_named_beside_the_tensor_that_it_leaves_behind()
    {
        var file = File(("fc1.weight", "F32", "2,4", 8), ("Fc1.bias", "F32", "2", 2));

        var error = Assert.Throws<InvalidDataException>(() => Sample.Read(file, Model, new Dictionary<string, string> { ["fc1.wieght"] = "Fc1.weight" }));

        Assert.Equal(
            "Layer 'Fc1' lacks the tensor 'Fc1.weight'. The file also holds 'fc1.weight': names can be mapped on loading. Of the names to map, the file lacks 'fc1.wieght'.",
            error.Message);
    }

    [Fact]
    public void A_misspelt_name_to_pass_over_is_named_beside_the_tensor_that_no_layer_takes()
    {
        var file = File(("Fc1.weight", "F32", "2,4", 8), ("Fc1.bias", "F32", "2", 2), ("step", "F32", "1", 1));

        var error = Assert.Throws<InvalidDataException>(() => Sample.Read(file, Model, new Dictionary<string, string> { ["stpe"] = "" }));

        Assert.EndsWith("Map a name to \"\" to pass over its tensor. Of the names to map, the file lacks 'stpe'.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_bias_is_named()
        => AssertRejected("Layer 'Fc1' lacks the tensor 'Fc1.bias'", ("Fc1.weight", "F32", "2,4", 8));

    [Fact]
    public void Values_without_a_mask_are_rejected()
        => AssertRejected("lacks the tensor 'Fc1.mask'", ("Fc1.values", "F32", "2", 2), ("Fc1.bias", "F32", "2", 2));

    [Fact]
    public void A_mask_without_values_is_rejected()
        => AssertRejected("lacks the tensor 'Fc1.values'", ("Fc1.mask", "F32", "2", 2), ("Fc1.bias", "F32", "2", 2));

    [Fact]
    public void Weights_in_both_forms_are_rejected()
        => AssertRejected(
            "'Fc1.values': the layer has its weights in 'Fc1.weight' already",
            ("Fc1.weight", "F32", "2,4", 8), ("Fc1.values", "F32", "2", 2), ("Fc1.bias", "F32", "2", 2));

    [Theory]
    [InlineData("4,2", "shape is [4, 2], not [2, 4]")]
    [InlineData("8", "shape is [8], not [2, 4]")]
    [InlineData("1,2,4", "shape is [1, 2, 4], not [2, 4]")]
    public void A_weight_of_another_shape_is_rejected(string shape, string problem)
        => AssertRejected(problem, ("Fc1.weight", "F32", shape, 8), ("Fc1.bias", "F32", "2", 2));

    [Fact]
    public void A_bias_of_another_shape_is_rejected()
        => AssertRejected("'Fc1.bias': its shape is [1, 2], not [2]", ("Fc1.weight", "F32", "2,4", 8), ("Fc1.bias", "F32", "1,2", 2));

    [Theory]
    [InlineData("I32")]
    [InlineData("U32")]
    public void A_weight_that_is_no_float_is_rejected(string type)
        => AssertRejected($"its type is {type}, not F32", ("Fc1.weight", type, "2,4", 8), ("Fc1.bias", "F32", "2", 2));

    [Fact]
    public void A_tensor_that_no_layer_takes_is_rejected()
        => AssertRejected(
            "holds 'Fc9.bias', which no layer of model 'Sample' takes",
            ("Fc1.weight", "F32", "2,4", 8), ("Fc1.bias", "F32", "2", 2), ("Fc9.bias", "F32", "2", 2));

    [Fact]
    public void A_bias_of_a_layer_without_one_is_rejected()
    {
        var model = Sample.Model(Sample.Layer("Fc1", 2, 4, Sample.Unstructured, bias: false));
        var file = File(("Fc1.weight", "F32", "2,4", 8), ("Fc1.bias", "F32", "2", 2));
        Allocation.AssertRejected(file, model, "'Fc1.bias': the layer is declared without a bias");
    }

    [Fact]
    public void Two_tensors_mapped_to_one_name_are_rejected()
    {
        var file = File(("fc1.weight", "F32", "2,4", 8), ("Fc1.weight", "F32", "2,4", 8), ("Fc1.bias", "F32", "2", 2));
        var error = Assert.Throws<InvalidDataException>(() => Sample.Read(file, Model, Names));
        Assert.Contains("'fc1.weight' and 'Fc1.weight' of the file are both mapped to 'Fc1.weight'", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"Fc1.mask\":\"2x4 bitmap\"", "lacks 'kernelgen.version'")]
    [InlineData("\"kernelgen.version\":\"2\",\"Fc1.mask\":\"2x4 bitmap\"", "version '2' of the KernelGen format")]
    [InlineData("\"kernelgen.version\":\"1\"", "doesn't name its format")]
    [InlineData("\"kernelgen.version\":\"1\",\"Fc1.mask\":\"bitmap\"", "the format 'bitmap' is unknown")]
    [InlineData("\"kernelgen.version\":\"1\",\"Fc1.mask\":\"2x4 huffman\"", "the format '2x4 huffman' is unknown")]
    [InlineData("\"kernelgen.version\":\"1\",\"Fc1.mask\":\"4x2 bitmap\"", "the mask of a 4x2 matrix, and the layer is 2x4")]
    public void A_mask_that_cannot_be_understood_is_rejected(string metadata, string problem)
    {
        var file = RawFile.Make(
            metadata,
            ("Fc1.values", "F32", "1", new byte[4]), ("Fc1.bias", "F32", "2", new byte[8]), ("Fc1.mask", "U8", "1", [1]));
        Allocation.AssertRejected(file, Model, problem);
    }

    [Fact]
    public void More_values_than_weights_are_rejected()
    {
        var file = RawFile.Make(
            "\"kernelgen.version\":\"1\",\"Fc1.mask\":\"2x4 bitmap\"",
            ("Fc1.values", "F32", "9", new byte[36]), ("Fc1.bias", "F32", "2", new byte[8]), ("Fc1.mask", "U8", "1", [255]));
        Allocation.AssertRejected(file, Model, "'Fc1.values': the shape is [9]");
    }

    [Fact]
    public void A_mask_that_is_not_bytes_is_rejected()
    {
        var file = RawFile.Make(
            "\"kernelgen.version\":\"1\",\"Fc1.mask\":\"2x4 bitmap\"",
            ("Fc1.values", "F32", "1", new byte[4]), ("Fc1.bias", "F32", "2", new byte[8]), ("Fc1.mask", "BOOL", "1", [1]));
        Allocation.AssertRejected(file, Model, "it is BOOL [1], not U8 [bytes]");
    }

    private static byte[] File(params (string Name, string Type, string Shape, int Count)[] tensors)
        => RawFile.Make("", [.. tensors.Select(t => (t.Name, t.Type, t.Shape, new byte[4 * t.Count]))]);

    private static void AssertRejected(string problem, params (string Name, string Type, string Shape, int Count)[] tensors)
        => Allocation.AssertRejected(File(tensors), Model, problem);
}
