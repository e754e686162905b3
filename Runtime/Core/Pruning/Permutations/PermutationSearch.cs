namespace KernelGen.Pruning;

/// <summary>How hard <see cref="NMPermutation.Find"/> searches.</summary>
public sealed record PermutationSearch
{
    /// <summary>Seeds the random exchanges; equal seeds give equal permutations on every machine. 1 unless set.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>
    /// Attempts to escape from the local optimum: some random exchanges, and another descent from there, whose result is kept where it
    /// is better. 20 unless set; 0 stops at the first local optimum.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value lies below 0.</exception>
    public int Escapes
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value, nameof(Escapes));
            field = value;
        }
    } = 20;
}
