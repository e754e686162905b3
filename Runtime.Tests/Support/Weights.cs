using KernelGen.Formats;

namespace KernelGen.Runtime.Tests;

/// <summary>A layer's weights as plain row-major arrays, and what they give, written out naively.</summary>
internal sealed record Weights(int Out, int In, float[] Values, bool[] Mask, float[] Bias)
{
    public static Weights Random(Random random, int rows, int columns, double density)
    {
        var mask = new bool[rows * columns];
        for (var i = 0; i < mask.Length; i++)
        {
            mask[i] = random.NextDouble() < density;
        }

        return WithMask(random, rows, columns, mask);
    }

    public static Weights RandomBlocks(Random random, int rows, int columns, int blockRows, int blockColumns, double density)
    {
        var mask = new bool[rows * columns];
        for (var row = 0; row < rows; row += blockRows)
        {
            for (var column = 0; column < columns; column += blockColumns)
            {
                var active = random.NextDouble() < density;
                for (var i = row; i < Math.Min(rows, row + blockRows); i++)
                {
                    mask.AsSpan(i * columns, columns)[column..Math.Min(columns, column + blockColumns)].Fill(active);
                }
            }
        }

        return WithMask(random, rows, columns, mask);
    }

    /// <summary>Each group of m has up to n active weights.</summary>
    public static Weights RandomGroups(Random random, int rows, int columns, int n, int m)
        => Groups(random, rows, columns, m, () => random.Next(n + 1));

    /// <summary>Each group of m has n active weights.</summary>
    public static Weights FullGroups(Random random, int rows, int columns, int n, int m) => Groups(random, rows, columns, m, () => n);

    private static Weights Groups(Random random, int rows, int columns, int m, Func<int> activeWeights)
    {
        var mask = new bool[rows * columns];
        for (var row = 0; row < rows; row++)
        {
            for (var group = 0; group < columns; group += m)
            {
                var places = Enumerable.Range(group, Math.Min(m, columns - group)).ToArray();
                random.Shuffle(places);
                foreach (var column in places.Take(activeWeights()))
                {
                    mask[(row * columns) + column] = true;
                }
            }
        }

        return WithMask(random, rows, columns, mask);
    }

    public Weights WithBias(Random random) => this with { Bias = Floats(random, Out) };

    public SparseMatrix ToMatrix() => SparseMatrix.FromDense(Values, Out, In, Mask);

    /// <summary>y [batch, out] = W x + b in single precision, a row's products added in the order of its columns.</summary>
    public float[] Apply(float[] x, int batch)
    {
        var y = new float[batch * Out];
        for (var sample = 0; sample < batch; sample++)
        {
            for (var row = 0; row < Out; row++)
            {
                var sum = Bias.Length == 0 ? 0 : Bias[row];
                for (var column = 0; column < In; column++)
                {
                    if (Mask[(row * In) + column])
                    {
                        sum += Values[(row * In) + column] * x[(sample * In) + column];
                    }
                }

                y[(sample * Out) + row] = sum;
            }
        }

        return y;
    }

    public static float[] Floats(Random random, int count)
    {
        var values = new float[count];
        for (var i = 0; i < count; i++)
        {
            values[i] = (random.NextSingle() * 2) - 1;
        }

        return values;
    }

    public static float[] Transpose(float[] source, int rows, int columns)
    {
        var result = new float[source.Length];
        for (var i = 0; i < source.Length; i++)
        {
            result[(i % columns * rows) + (i / columns)] = source[i];
        }

        return result;
    }

    /// <summary>Random values under a mask; a tenth of the active ones are zeros of either sign.</summary>
    private static Weights WithMask(Random random, int rows, int columns, bool[] mask)
    {
        var values = Floats(random, mask.Length);
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = !mask[i] ? 0 : random.Next(10) switch { 0 => random.Next(2) == 0 ? 0f : -0f, _ => values[i] };
        }

        return new Weights(rows, columns, values, mask, []);
    }
}
