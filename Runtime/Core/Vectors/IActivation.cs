using System.Runtime.Intrinsics;

namespace KernelGen.Vectors;

/// <summary>An activation, as a type argument of emitted kernels: they are compiled for each, and apply it before they store.</summary>
public interface IActivation
{
    /// <summary>The activation of a float.</summary>
    /// <param name="x">The float.</param>
    static abstract float Of(float x);

    /// <summary>The activation of each of 4 floats.</summary>
    /// <param name="x">The floats.</param>
    static abstract Vector128<float> Of(Vector128<float> x);

    /// <summary>The activation of each of 8 floats.</summary>
    /// <param name="x">The floats.</param>
    static abstract Vector256<float> Of(Vector256<float> x);

    /// <summary>The activation of each of 16 floats.</summary>
    /// <param name="x">The floats.</param>
    static abstract Vector512<float> Of(Vector512<float> x);
}
