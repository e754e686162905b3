namespace KernelGen.Gpu.Kernels;

/// <summary>Two floats that a kernel loads and stores as one vector.</summary>
/// <param name="x">The first.</param>
/// <param name="y">The second.</param>
#pragma warning disable CA1051, CA1815 // Fields: kernels are compiled for devices, which know no properties and compare no structs.
public struct Duo(float x, float y)
{
    /// <summary>The first.</summary>
    public float X = x;

    /// <summary>The second.</summary>
    public float Y = y;
}
