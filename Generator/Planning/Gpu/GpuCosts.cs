namespace KernelGen.Generator.Planning.Gpu;

/// <summary>Time of a stored weight, over that of a weight in the dense kernel, for large batches.</summary>
internal static class GpuCosts
{
    /// <summary>Each multiply-add loads its activation from shared memory, a quarter as fast as it is computed.</summary>
    public const double Csr = 4;

    /// <summary>As <see cref="Csr"/>, without counts and columns.</summary>
    public const double Group = 4;

    /// <summary>A load of activations serves the rows of a block; four rows balance it.</summary>
    public static double Block(int rows) => rows switch
    {
        >= 8 => 1.2,
        >= 4 => 1.5,
        >= 2 => 2.2,
        _ => 4,
    };
}
