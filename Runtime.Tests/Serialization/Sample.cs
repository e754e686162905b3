using KernelGen.Formats;
using KernelGen.Serialization;
using Xunit;

namespace KernelGen.Runtime.Tests.Serialization;

/// <summary>Small models and masks for the tests, the same for the same seed.</summary>
internal static class Sample
{
    public static readonly SparsityPattern Dense = new DensePattern();
    public static readonly SparsityPattern Unstructured = new UnstructuredPattern(0.9);

    public static LayerDescriptor Layer(string name, int outFeatures, int inFeatures, SparsityPattern pattern, bool bias = true)
        => new(name, inFeatures, outFeatures, bias, Activation.None, 0, pattern);

    public static ModelDescriptor Model(params LayerDescriptor[] layers) => new("Sample", layers);

    /// <summary>A mask that follows the pattern; density counts groups or blocks where there are any.</summary>
    public static bool[] Mask(Random random, int rows, int columns, SparsityPattern pattern, double density)
    {
        var mask = new bool[rows * columns];
        switch (pattern)
        {
            case NMPattern(var n, var m):
                for (var row = 0; row < rows; row++)
                {
                    for (var start = 0; start < columns; start += m)
                    {
                        var places = Enumerable.Range(start, Math.Min(m, columns - start)).ToArray();
                        random.Shuffle(places);
                        var kept = random.NextDouble() < density ? n : random.Next(n + 1);
                        foreach (var column in places.Take(kept))
                        {
                            mask[(row * columns) + column] = true;
                        }
                    }
                }

                break;
            case BlockPattern(var blockRows, var blockColumns, _):
                var active = Enumerable.Range(0, rows * columns).Select(_ => random.NextDouble() < density).ToArray();
                for (var i = 0; i < mask.Length; i++)
                {
                    mask[i] = active[(i / columns / blockRows * columns) + (i % columns / blockColumns)];
                }

                break;
            default:
                for (var i = 0; i < mask.Length; i++)
                {
                    mask[i] = pattern is DensePattern || random.NextDouble() < density;
                }

                break;
        }

        return mask;
    }

    /// <summary>Weights with every kind of bit pattern: zeros of both signs, subnormals, infinities, NaN payloads.</summary>
    public static float[] Numbers(Random random, int count)
    {
        float[] odd =
        [
            0f, -0f, float.Epsilon, float.NegativeInfinity, float.PositiveInfinity, float.NaN,
            BitConverter.UInt32BitsToSingle(0x7FC12345), BitConverter.UInt32BitsToSingle(0xFFC00001),
        ];
        var numbers = new float[count];
        for (var i = 0; i < count; i++)
        {
            numbers[i] = random.Next(4) == 0 ? odd[random.Next(odd.Length)] : (float)(random.NextDouble() - 0.5);
        }

        return numbers;
    }

    public static LayerWeights Weights(Random random, LayerDescriptor layer, double density)
    {
        var mask = Mask(random, layer.OutFeatures, layer.InFeatures, layer.Pattern, density);
        return new LayerWeights(
            SparseMatrix.FromDense(Numbers(random, mask.Length), layer.OutFeatures, layer.InFeatures, mask),
            layer.Bias ? Numbers(random, layer.OutFeatures) : []);
    }

    public static MaskGrid Grid(bool[] mask, int rows, int columns)
        => new(rows, columns, [.. Enumerable.Range(0, mask.Length).Where(i => mask[i])]);

    public static byte[] Write(ModelDescriptor model, params LayerWeights[] weights)
    {
        using var stream = new MemoryStream();
        ModelFile.Write(stream, model, weights);
        return stream.ToArray();
    }

    public static IReadOnlyList<LayerWeights> Read(
        byte[] file, ModelDescriptor model, IReadOnlyDictionary<string, string>? names = null)
    {
        using var stream = new MemoryStream(file);
        return ModelFile.Read(stream, model, names);
    }

    /// <summary>Asserts that mask, weights and biases agree in every bit.</summary>
    public static void AssertSame(LayerWeights expected, LayerWeights actual, string context = "")
    {
        Assert.True(Dump(expected.Matrix) == Dump(actual.Matrix), context);
        Assert.Equal(expected.Bias.Select(BitConverter.SingleToUInt32Bits), actual.Bias.Select(BitConverter.SingleToUInt32Bits));
    }

    /// <summary>The whole matrix as text: a dot for an inactive cell, the bits of an active one.</summary>
    private static string Dump(SparseMatrix matrix)
    {
        var weights = new float[matrix.Rows * matrix.Columns];
        var mask = new bool[weights.Length];
        matrix.ToDense(weights);
        matrix.ToMask(mask);
        var cells = weights.Select((weight, i) => mask[i] ? $"{BitConverter.SingleToUInt32Bits(weight):X8}" : ".");
        return $"{matrix.Rows}x{matrix.Columns} {matrix.Nonzeros} {string.Join(' ', cells)}";
    }
}
