using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace KernelGen.Pruning;

/// <summary>Any weight, by chance (SET: Mocanu et al. 2018, arXiv 1707.04780).</summary>
public sealed class RandomGrowth : IGrowth
{
    private const float Unit = 1f / (1 << 24);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Score(GrowthInput input, Span<float> scores)
    {
        // A number's place decides, not the order in which they are asked for: nothing of it need be saved to resume a run.
        var start = unchecked((uint)input.FirstRow * (uint)input.Layer.InFeatures);
        var vectors = MemoryMarshal.Cast<float, Vector<float>>(scores);
        var seed = Mix(new Vector<uint>((uint)input.Seed));
        var place = Vector<uint>.Indices + new Vector<uint>(start);
        for (var i = 0; i < vectors.Length; i++, place += new Vector<uint>((uint)Vector<uint>.Count))
        {
            vectors[i] = Uniform(Mix(seed ^ place));
        }

        var rest = scores[(vectors.Length * Vector<float>.Count)..];
        if (!rest.IsEmpty)
        {
            Span<Vector<float>> last = [Uniform(Mix(seed ^ place))];
            MemoryMarshal.Cast<Vector<float>, float>(last)[..rest.Length].CopyTo(rest);
        }
    }

    // The upper 24 bits are all that a float in [0, 1) can hold.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<float> Uniform(Vector<uint> bits) => Vector.ConvertToSingle(Vector.AsVectorInt32(bits >> 8)) * Unit;

    /// <summary>A permutation of 32 bits, each of which depends on all (Wellons's lowbias32).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<uint> Mix(Vector<uint> x)
    {
        x ^= x >> 16;
        x *= new Vector<uint>(0x7feb352d);
        x ^= x >> 15;
        x *= new Vector<uint>(0x846ca68b);
        return x ^ (x >> 16);
    }
}
