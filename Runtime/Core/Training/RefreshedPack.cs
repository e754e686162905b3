using KernelGen.Dispatch;
using KernelGen.Formats;

namespace KernelGen.Training;

/// <summary>A packed layer whose mask stays while its values change: it knows where in the pack each value goes.</summary>
internal sealed unsafe class RefreshedPack
{
    private readonly PackedKernel<PanelKernel> _kernel;
    private readonly ValuePlaces[] _places;

    /// <param name="kernel">The layer, packed from a <see cref="NumberedMask"/>; nobody else uses it.</param>
    /// <param name="columns">Columns of that matrix.</param>
    /// <param name="rowStarts">Of the matrix whose values come: where each row's begin, and where the last one's end.</param>
    /// <param name="isTransposed">Whether the packed matrix is its transpose.</param>
    public RefreshedPack(PackedKernel<PanelKernel> kernel, int columns, int[] rowStarts, bool isTransposed)
    {
        _kernel = kernel;
        var parts = kernel.Pack.Parts;
        if (kernel.Pack.Format is PanelCsrFormat format && CsrPlaces.Fits(format))
        {
            _places = [isTransposed ? Turned(kernel.Pack, format, rowStarts) : new CsrPlaces(kernel.Pack, format, columns, rowStarts)];
            return;
        }

        _places = new ValuePlaces[parts.Length];
        for (var i = 0; i < parts.Length; i++)
        {
            _places[i] = new NumberedPlaces(parts[i]);
        }
    }

    /// <summary>Bytes of the pack, and of where its values come from.</summary>
    public long Bytes => _kernel.Pack.Bytes + _places.Sum(places => places.Bytes);

    /// <inheritdoc cref="AlignedBuffer.Release"/>
    public void Release()
    {
        _kernel.Pack.Release();
        foreach (var places in _places)
        {
            places.Release();
        }
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

    private static ValuePlaces Turned(Pack pack, PanelCsrFormat format, int[] columnStarts)
        => TurnedTilePlaces.Fits(pack, format, columnStarts) ? new TurnedTilePlaces(pack, format, columnStarts) : new TurnedCsrPlaces(pack, format, columnStarts);
}
