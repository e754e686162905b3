using KernelGen.Formats;

namespace KernelGen.Benchmarks.Crossover;

/// <summary>Random weights of a density, in the layer's pattern; the same in every run.</summary>
internal static class RandomWeights
{
    public static SparseMatrix Of(Linear layer, double density)
    {
        var random = new Random(1);
        int rows = layer.OutFeatures, columns = layer.InFeatures;
        var weights = new float[rows * columns];
        var (blockRows, blockColumns) = layer.Descriptor.Pattern is BlockPattern block ? (block.Rows, block.Columns) : (1, 1);
        for (var row = 0; row < rows; row += blockRows)
        {
            for (var column = 0; column < columns; column += blockColumns)
            {
                if (IsActive(layer.Descriptor.Pattern, column, density, random))
                {
                    for (var i = 0; i < blockRows * blockColumns; i++)
                    {
                        weights[((row + (i / blockColumns)) * columns) + column + (i % blockColumns)] = 0.5f + random.NextSingle();
                    }
                }
            }
        }

        return SparseMatrix.FromDense(weights, rows, columns);
    }

    /// <summary>N:M keeps N neighbours of a group, others in the next group; all else is drawn weight by weight or block by block.</summary>
    private static bool IsActive(SparsityPattern pattern, int column, double density, Random random)
        => pattern is NMPattern p && density < 1 ? (column + (column / p.M)) % p.M < p.N : random.NextDouble() < density;
}
