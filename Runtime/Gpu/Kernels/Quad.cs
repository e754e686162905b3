namespace KernelGen.Gpu.Kernels;

/// <summary>Four floats that a kernel loads and stores as one vector.</summary>
/// <param name="x">The first.</param>
/// <param name="y">The second.</param>
/// <param name="z">The third.</param>
/// <param name="w">The fourth.</param>
#pragma warning disable CA1051, CA1815 // Fields: kernels are compiled for devices, which know no properties and compare no structs.
public struct Quad(float x, float y, float z, float w)
{
    /// <summary>The first.</summary>
    public float X = x;

    /// <summary>The second.</summary>
    public float Y = y;

    /// <summary>The third.</summary>
    public float Z = z;

    /// <summary>The fourth.</summary>
    public float W = w;
}
