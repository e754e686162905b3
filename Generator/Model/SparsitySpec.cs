namespace KernelGen.Generator.Model;

/// <summary>The sparsity pattern that a layer declares.</summary>
internal abstract record SparsitySpec;

internal sealed record DenseSpec : SparsitySpec;

internal sealed record UnstructuredSpec(double Target) : SparsitySpec;

internal sealed record NMSpec(int N, int M) : SparsitySpec;

internal sealed record BlockSpec(int Rows, int Columns, double Target) : SparsitySpec;
