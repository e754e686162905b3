using System.Text;
using KernelGen.Formats;
using KernelGen.Serialization;
using Xunit;

namespace KernelGen.Runtime.Tests.Serialization;

public class RoundTripTests
{
    private static readonly SparsityPattern[] Patterns =
    [
        Sample.Dense, Sample.Unstructured, new NMPattern(1, 4), new NMPattern(2, 4), new NMPattern(4, 8), new NMPattern(1, 1),
        new NMPattern(5, 7), new NMPattern(16, 64), new NMPattern(3, 1000),
        new BlockPattern(2, 4, 0.5), new BlockPattern(1, 3, 0.5), new BlockPattern(5, 1, 0.5), new BlockPattern(100, 100, 0.5),
    ];

    public static TheoryData<int, int> Shapes => new() { { 1, 1 }, { 1, 13 }, { 17, 1 }, { 2, 4 }, { 7, 11 }, { 31, 37 }, { 16, 64 } };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Every_pattern_and_density_comes_back_bit_for_bit(int rows, int columns)
    {
        foreach (var pattern in Patterns)
        {
            foreach (var density in new[] { 0, 0.01, 0.1, 0.5, 0.9, 1 })
            {
                for (var seed = 0; seed < 5; seed++)
                {
                    AssertRoundTrip(seed, rows, columns, pattern, density);
                }
            }
        }
    }

    [Fact]
    public void Any_shape_comes_back_bit_for_bit()
    {
        for (var seed = 0; seed < 500; seed++)
        {
            var random = new Random(seed);
            var pattern = Patterns[random.Next(Patterns.Length)];
            AssertRoundTrip(seed, 1 + random.Next(40), 1 + random.Next(90), pattern, random.NextDouble());
        }
    }

    [Fact]
    public void A_stream_that_trickles_and_cannot_seek_is_read()
    {
        var random = new Random(1);
        var layer = Sample.Layer("Fc1", 67, 301, Sample.Unstructured);
        var weights = Sample.Weights(random, layer, 0.7);
        using var stream = new TrickleStream(Sample.Write(Sample.Model(layer), weights));

        Sample.AssertSame(weights, ModelFile.Read(stream, Sample.Model(layer))[0]);
    }

    [Fact]
    public void Tensors_larger_than_a_chunk_come_back()
    {
        var layer = Sample.Layer("Fc1", 300, 784, Sample.Dense);
        var weights = Sample.Weights(new Random(2), layer, 1);

        Sample.AssertSame(weights, Sample.Read(Sample.Write(Sample.Model(layer), weights), Sample.Model(layer))[0]);
    }

    [Fact]
    public void Several_layers_of_all_patterns_share_a_file()
    {
        var random = new Random(3);
        var layers = Patterns.Select((pattern, i) => Sample.Layer($"Fc{i}", 20 + i, 30, pattern, bias: i % 2 == 0)).ToArray();
        var model = Sample.Model(layers);
        var weights = layers.Select(layer => Sample.Weights(random, layer, 0.4)).ToArray();
        var file = Sample.Write(model, weights);

        var read = Sample.Read(file, model);

        Assert.Equal(layers.Length, read.Count);
        Assert.All(weights.Zip(read), pair => Sample.AssertSame(pair.First, pair.Second));
        Assert.Equal(file, Sample.Write(model, [.. read]));
    }

    [Fact]
    public void A_block_layer_whose_blocks_have_holes_comes_back()
    {
        var layer = Sample.Layer("Fc1", 4, 8, new BlockPattern(2, 4, 0.5));
        var mask = Sample.Mask(new Random(4), 4, 8, layer.Pattern, 1);
        mask[5] = false;
        var weights = new LayerWeights(SparseMatrix.FromDense(new float[32], 4, 8, mask), new float[4]);

        Sample.AssertSame(weights, Sample.Read(Sample.Write(Sample.Model(layer), weights), Sample.Model(layer))[0]);
    }

    [Fact]
    public void A_file_does_not_depend_on_the_declared_pattern()
    {
        var layer = Sample.Layer("Fc1", 16, 32, new BlockPattern(4, 4, 0.5));
        var weights = Sample.Weights(new Random(5), layer, 0.3);
        var file = Sample.Write(Sample.Model(layer), weights);

        Sample.AssertSame(weights, Sample.Read(file, Sample.Model(layer with { Pattern = Sample.Unstructured }))[0]);
    }

    [Fact]
    public void The_file_is_laid_out_as_documented()
    {
        var layer = Sample.Layer("Fc1", 2, 4, Sample.Unstructured);
        var weights = new LayerWeights(SparseMatrix.FromDense([0, 5, 0, 0, 0, 0, 0, -6], 2, 4), [7, 8]);
        const string header = """{"__metadata__":{"Fc1.mask":"2x4 bitmap","kernelgen.version":"1"},"""
            + """
            "Fc1.bias":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"Fc1.values":{"dtype":"F32","shape":[2],"data_offsets":[8,16]},
            """
            + """
            "Fc1.mask":{"dtype":"U8","shape":[1],"data_offsets":[16,17]}}
            """;
        var padded = header.PadRight((header.Length + 7) / 8 * 8);

        var expected = RawFile.Make(padded, [.. RawFile.Float32(7, 8, 5, -6), 0b1000_0010]);

        Assert.Equal(Encoding.Latin1.GetString(expected), Encoding.Latin1.GetString(Sample.Write(Sample.Model(layer), weights)));
    }

    [Theory]
    [InlineData(3, 4)]
    [InlineData(4, 3)]
    public void Weights_of_another_shape_are_not_written(int rows, int columns)
    {
        var model = Sample.Model(Sample.Layer("Fc1", 3, 3, Sample.Unstructured));
        var weights = new LayerWeights(SparseMatrix.FromDense(new float[rows * columns], rows, columns), new float[3]);

        Assert.Contains("'Fc1'", Assert.Throws<ArgumentException>(() => Sample.Write(model, weights)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Biases_and_layers_of_another_number_are_not_written()
    {
        var model = Sample.Model(Sample.Layer("Fc1", 3, 3, Sample.Unstructured));
        var matrix = SparseMatrix.FromDense(new float[9], 3, 3);

        Assert.Throws<ArgumentException>(() => Sample.Write(model, new LayerWeights(matrix, [])));
        Assert.Throws<ArgumentException>(() => Sample.Write(model));
    }

    private static void AssertRoundTrip(int seed, int rows, int columns, SparsityPattern pattern, double density)
    {
        var random = new Random(seed);
        var layer = Sample.Layer("Fc1", rows, columns, pattern, bias: seed % 2 == 0);
        var weights = Sample.Weights(random, layer, density);
        var file = Sample.Write(Sample.Model(layer), weights);

        Sample.AssertSame(
            weights,
            Sample.Read(file, Sample.Model(layer))[0],
            $"seed {seed}, {rows}x{columns}, {pattern}, density {density}");
    }
}
