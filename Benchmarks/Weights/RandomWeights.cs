using KernelGen.Formats;

namespace KernelGen.Benchmarks.Weights;

/// <summary>Random weights in a layer's pattern, their places drawn evenly; the same in every run.</summary>
internal static class RandomWeights
{
    /// <summary>A matrix whose density is as near as the pattern allows; N:M has its own.</summary>
    public static SparseMatrix Of(Linear layer, double density)
        => SparseMatrix.FromDense(Dense(layer, density), layer.OutFeatures, layer.InFeatures);

    /// <summary>The same, [out, in] row-major with zeros.</summary>
    public static float[] Dense(Linear layer, double density)
    {
        var random = new Random(1);
        int rows = layer.OutFeatures, columns = layer.InFeatures;
        var weights = new float[rows * columns];
        void Set(int row, int column) => weights[(row * columns) + column] = random.NextSingle() < 0.5 ? 0.5f + random.NextSingle() : -0.5f - random.NextSingle();
        switch (layer.Descriptor.Pattern)
        {
            case NMPattern p when density < 1:
                var places = Enumerable.Range(0, p.M).ToArray();
                for (var group = 0; group < rows * columns / p.M; group++)
                {
                    random.Shuffle(places);
                    foreach (var place in places.AsSpan(0, p.N))
                    {
                        Set(group * p.M / columns, (group * p.M % columns) + place);
                    }
                }

                break;
            case BlockPattern p:
                var across = columns / p.Columns;
                foreach (var block in Draw(random, rows / p.Rows * across, density))
                {
                    for (var i = 0; i < p.Rows * p.Columns; i++)
                    {
                        Set((block / across * p.Rows) + (i / p.Columns), (block % across * p.Columns) + (i % p.Columns));
                    }
                }

                break;
            default:
                foreach (var weight in Draw(random, weights.Length, density))
                {
                    Set(weight / columns, weight % columns);
                }

                break;
        }

        return weights;
    }

    /// <summary>A share of the numbers below a count.</summary>
    private static ReadOnlySpan<int> Draw(Random random, int count, double density)
    {
        var numbers = Enumerable.Range(0, count).ToArray();
        random.Shuffle(numbers);
        return numbers.AsSpan(0, (int)Math.Round(density * count));
    }
}
