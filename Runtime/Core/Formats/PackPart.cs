namespace KernelGen.Formats;

/// <summary>Neighbouring rows of a pack, which a kernel runs as if they were a layer.</summary>
internal sealed unsafe class PackPart
{
    private readonly PackedWeights _weights;

    public PackPart(int first, int rows, PackArrays arrays, float* bias)
    {
        First = first;
        Arrays = arrays;
        _weights = new PackedWeights(rows, arrays.Values.Floats, arrays.Indices.Pointer, arrays.Counts.Pointer, bias);
    }

    /// <summary>The layer's row that is the part's row 0.</summary>
    public int First { get; }

    /// <summary>Values, indices and counts, for their lengths.</summary>
    public PackArrays Arrays { get; }

    /// <summary>Pointers for a kernel.</summary>
    public ref readonly PackedWeights Weights => ref _weights;
}
