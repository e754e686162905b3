using System.Runtime.CompilerServices;
using KernelGen.Dispatch;
using KernelGen.Formats;

namespace KernelGen.Training;

/// <summary>A packed layer whose mask stays while its values change: it knows where in the pack each value goes.</summary>
internal sealed unsafe class RefreshedPack
{
    private readonly PackedKernel<PanelKernel> _kernel;
    private readonly ValuePlaces[] _places;

    /// <param name="kernel">The layer, packed from a matrix of <see cref="Numbered"/> values; nobody else uses it.</param>
    /// <param name="columns">Columns of that matrix.</param>
    /// <param name="starts">Of the matrix whose values come.</param>
    /// <param name="isTransposed">Whether the packed matrix is its transpose.</param>
    public RefreshedPack(PackedKernel<PanelKernel> kernel, int columns, PartStarts starts, bool isTransposed)
    {
        _kernel = kernel;
        _places = new ValuePlaces[kernel.Pack.Parts.Length];
        for (var i = 0; i < _places.Length; i++)
        {
            var part = kernel.Pack.Parts[i];
            _places[i] = kernel.Pack.Format is PanelCsrFormat format && PanelCsrPlaces.Fits(format)
                ? new PanelCsrPlaces(part, format, columns, starts, isTransposed)
                : new NumberedPlaces(part);
        }
    }

    /// <summary>Bytes of the pack, and of where its values come from.</summary>
    public long Bytes => _kernel.Pack.Bytes + _places.Sum(places => places.Bytes);

    /// <summary>Values that say which they are: packing moves them bit for bit, and what it pads is 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float[] Numbered(int count)
    {
        var values = new float[count];
        for (var i = 0; i < count; i++)
        {
            values[i] = BitConverter.Int32BitsToSingle(i + 1);
        }

        return values;
    }

    /// <summary>Values and bias for the kernel.</summary>
    public void Refresh(ReadOnlySpan<float> values, ReadOnlySpan<float> bias)
    {
        fixed (float* from = values)
        {
            foreach (var places in _places)
            {
                places.Gather(from);
            }
        }

        if (!bias.IsEmpty)
        {
            foreach (var part in _kernel.Pack.Parts)
            {
                ref readonly var weights = ref part.Weights;
                bias.Slice(part.First, weights.Rows).CopyTo(new Span<float>(weights.Bias, weights.Rows));
            }
        }

        // It owns what the pointers point to.
        GC.KeepAlive(_kernel);
    }
}
