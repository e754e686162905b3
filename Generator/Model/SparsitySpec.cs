namespace KernelGen.Generator.Model;

/// <summary>The sparsity pattern that a layer declares.</summary>
internal abstract record SparsitySpec
{
    /// <summary>The fraction of zeros that planning may assume.</summary>
    public abstract double Sparsity { get; }
}

internal sealed record DenseSpec : SparsitySpec
{
    public override double Sparsity => 0;
}

internal sealed record UnstructuredSpec(double Target) : SparsitySpec
{
    public override double Sparsity => Target;
}

internal sealed record NMSpec(int N, int M) : SparsitySpec
{
    public override double Sparsity => 1 - ((double)N / M);
}

internal sealed record BlockSpec(int Rows, int Columns, double Target) : SparsitySpec
{
    public override double Sparsity => Target;
}
