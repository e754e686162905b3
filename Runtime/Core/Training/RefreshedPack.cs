using System.Runtime.CompilerServices;
using KernelGen.Dispatch;
using KernelGen.Formats;

namespace KernelGen.Training;

/// <summary>A packed layer whose mask stays while its values change: it knows where in the pack each value goes.</summary>
/// <param name="kernel">The layer, packed from a matrix of <see cref="Numbered"/> values; nobody else uses it.</param>
internal sealed unsafe class RefreshedPack(PackedKernel<PanelKernel> kernel)
{
    private readonly int[][] _sources = [.. SourcesOf(kernel.Pack)];

    /// <summary>Bytes of the pack, and of where its values come from.</summary>
    public long Bytes => kernel.Pack.Bytes + _sources.Sum(source => (long)source.Length * sizeof(int));

    /// <summary>Values that say which they are: packing moves them bit for bit, and what it pads is 0.</summary>
    public static float[] Numbered(int count)
        => Enumerable.Range(1, count).Select(BitConverter.Int32BitsToSingle).ToArray();

    /// <summary>Values and bias for the kernel.</summary>
    public void Refresh(ReadOnlySpan<float> values, ReadOnlySpan<float> bias)
    {
        var parts = kernel.Pack.Parts;
        for (var i = 0; i < parts.Length; i++)
        {
            ref readonly var weights = ref parts[i].Weights;
            fixed (float* from = values)
            fixed (int* source = _sources[i])
            {
                Gather(from, source, _sources[i].Length, weights.Values);
            }

            if (!bias.IsEmpty)
            {
                bias.Slice(parts[i].First, weights.Rows).CopyTo(new Span<float>(weights.Bias, weights.Rows));
            }
        }

        // It owns what the pointers point to.
        GC.KeepAlive(kernel);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Gather(float* from, int* source, int count, float* to)
    {
        for (var i = 0; i < count; i++)
        {
            // Padding has no source, and stays 0.
            if (source[i] >= 0)
            {
                to[i] = from[source[i]];
            }
        }
    }

    private static List<int[]> SourcesOf(Pack pack)
    {
        var sources = new List<int[]>();
        foreach (var part in pack.Parts)
        {
            var values = new Span<int>(part.Arrays.Values.Pointer, (int)(part.Arrays.Values.Bytes / sizeof(float)));
            var own = new int[values.Length];
            for (var i = 0; i < own.Length; i++)
            {
                own[i] = values[i] - 1;
            }

            sources.Add(own);
        }

        return sources;
    }
}
