namespace KernelGen.Generator.Planning.Gpu;

/// <summary>Time of a stored weight, over that of a weight in the dense kernel, for large batches; measured on an H100.</summary>
internal static class GpuCosts
{
    /// <summary>Each multiply-add loads its activation from shared memory, which gives a quarter of what the units take.</summary>
    public const double Csr = 6;

    /// <summary>As <see cref="Csr"/>, without counts and columns.</summary>
    public const double Group = 3;

    /// <summary>A load of activations serves the rows of a block; large blocks need few loads of places.</summary>
    public static double Block(int rows, int columns) => (rows, rows * columns) switch
    {
        ( >= 8, >= 32) => 1.3,
        ( >= 4, _) => 2.4,
        ( >= 2, _) => 3,
        _ => 4,
    };
}
