namespace KernelGen.Vectors;

/// <summary>A square of floats in an instruction set's registers, as a type argument of the transposes between batches and panels.</summary>
internal unsafe interface ISquare
{
    /// <summary>Its rows and columns.</summary>
    static abstract int Lanes { get; }

    /// <summary>Samples of the instruction set's panels.</summary>
    static abstract int PanelWidth { get; }

    /// <summary>Transposes a square in memory to another place, of other strides between rows.</summary>
    static abstract void Transpose(float* from, nint fromStride, float* to, nint toStride);

    /// <summary>The first floats to a row of a square, zeros beyond: so many, at least 1, or all.</summary>
    static abstract void LoadRow(float* from, int count, float* row);

    /// <summary>The first floats of a row of a square: so many, at least 1, or all.</summary>
    static abstract void StoreRow(float* row, float* to, int count);
}
