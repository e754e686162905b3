namespace KernelGen.Benchmarks.FormatSizes;

/// <summary>
/// The fewest bits that tell a mask apart from all others of its kind: log2 of how many there are, exactly counted. Over many cells,
/// log2 C(n, k) / k comes to H(k / n) / (k / n), where H is the binary entropy.
/// </summary>
internal static class EntropyBound
{
    /// <summary>Bits a nonzero of a random mask in a pattern; every group of an N:M pattern is full, every block whole.</summary>
    /// <param name="pattern">What is known about the mask.</param>
    /// <param name="cells">Weights, active or not.</param>
    /// <param name="nonzeros">Active weights.</param>
    public static double BitsPerNonzero(SparsityPattern pattern, long cells, long nonzeros) => pattern switch
    {
        NMPattern nm => Log2Choose(nm.M, nm.N) / nm.N,
        BlockPattern block => Log2Choose(cells / block.Rows / block.Columns, nonzeros / block.Rows / block.Columns) / nonzeros,
        _ => Log2Choose(cells, nonzeros) / nonzeros,
    };

    /// <summary>log2 of the ways to choose k of n.</summary>
    public static double Log2Choose(long n, long k)
    {
        var bits = 0.0;
        for (var i = 0L; i < Math.Min(k, n - k); i++)
        {
            bits += Math.Log2((double)(n - i) / (i + 1));
        }

        return bits;
    }
}
