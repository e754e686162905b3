namespace KernelGen.Vectors;

/// <summary>
/// The shape of a layer's weights W, as a type argument of emitted kernels: they are compiled for each shape, with these constants.
/// </summary>
public interface IShape
{
    /// <summary>Rows of W, the outputs.</summary>
    static abstract int Out { get; }

    /// <summary>Columns of W, the inputs.</summary>
    static abstract int In { get; }
}
