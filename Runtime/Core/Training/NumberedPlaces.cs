using System.Runtime.CompilerServices;
using KernelGen.Formats;

namespace KernelGen.Training;

/// <summary>A number for each value: for any format.</summary>
internal sealed unsafe class NumberedPlaces : ValuePlaces
{
    private readonly PackPart _part;

    // -1 where a value is padding.
    private readonly int[] _sources;

    /// <param name="part">Packed from a <see cref="NumberedMask"/>.</param>
    public NumberedPlaces(PackPart part)
    {
        _part = part;
        var values = new Span<int>(part.Arrays.Values.Pointer, (int)(part.Arrays.Values.Bytes / sizeof(float)));
        _sources = new int[values.Length];
        for (var i = 0; i < values.Length; i++)
        {
            _sources[i] = values[i] - 1;
        }
    }

    public override long Bytes => (long)_sources.Length * sizeof(int);

    public override void Gather(float* values)
    {
        fixed (int* sources = _sources)
        {
            Gather(values, sources, _sources.Length, _part.Weights.Values);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Gather(float* from, int* source, int count, float* to)
    {
        for (var i = 0; i < count; i++)
        {
            if (source[i] >= 0)
            {
                to[i] = from[source[i]];
            }
        }
    }
}
