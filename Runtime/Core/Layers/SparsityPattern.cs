namespace KernelGen;

/// <summary>Which sets of weights a layer may keep.</summary>
public abstract record SparsityPattern
{
    private protected SparsityPattern()
    {
    }

    /// <summary>The fraction of zeros that the annotation asks for; 0 for a dense layer, 1 - N/M for N:M.</summary>
    public abstract double TargetSparsity { get; }
}

/// <summary>Every weight is kept.</summary>
public sealed record DensePattern : SparsityPattern
{
    /// <inheritdoc/>
    public override double TargetSparsity => 0;

    /// <inheritdoc/>
    public override string ToString() => "dense";
}

/// <summary>Any weight may be pruned.</summary>
/// <param name="Sparsity">The fraction of zeros to prune to, in [0, 1).</param>
public sealed record UnstructuredPattern(double Sparsity) : SparsityPattern
{
    /// <inheritdoc/>
    public override double TargetSparsity => Sparsity;

    /// <inheritdoc/>
    public override string ToString() => "unstructured";
}

/// <summary>At most N of every M consecutive weights of a row are kept.</summary>
/// <param name="N">Weights kept in a group.</param>
/// <param name="M">Weights in a group; the last group of a row may be cut.</param>
public sealed record NMPattern(int N, int M) : SparsityPattern
{
    /// <inheritdoc/>
    public override double TargetSparsity => 1 - ((double)N / M);

    /// <inheritdoc/>
    public override string ToString() => $"{N}:{M}";
}

/// <summary>Whole blocks of weights are kept or pruned.</summary>
/// <param name="Rows">Outputs in a block; the last block row may be cut.</param>
/// <param name="Columns">Inputs in a block; the last block of a row may be cut.</param>
/// <param name="Sparsity">The fraction of blocks to prune, in [0, 1).</param>
public sealed record BlockPattern(int Rows, int Columns, double Sparsity) : SparsityPattern
{
    /// <inheritdoc/>
    public override double TargetSparsity => Sparsity;

    /// <inheritdoc/>
    public override string ToString() => $"block {Rows}x{Columns}";
}
