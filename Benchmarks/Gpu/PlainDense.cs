using ILGPU;

namespace KernelGen.Benchmarks.Gpu;

/// <summary>The dense kernel that one writes first: a thread for each output, everything from global memory.</summary>
internal static class PlainDense
{
    public const int Threads = 256;

    /// <summary>y [rows][stride] = W [rows][columns] x [columns][stride].</summary>
    public static void Run(ArrayView<float> x, ArrayView<float> weights, ArrayView<float> y, int rows, int columns, int stride)
    {
        var i = (Grid.IdxX * Threads) + Group.IdxX;
        var row = i / stride;
        var sample = i % stride;
        if (row >= rows)
        {
            return;
        }

        var sum = 0f;
        for (var column = 0; column < columns; column++)
        {
            sum += weights[(row * columns) + column] * x[(column * stride) + sample];
        }

        y[i] = sum;
    }
}
