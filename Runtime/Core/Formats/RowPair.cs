namespace KernelGen.Formats;

/// <summary>Two rows of a block of columns that a kernel sums together.</summary>
/// <param name="A">The row with at least as many nonzeros.</param>
/// <param name="B">Its partner.</param>
/// <param name="Shared">Columns that both have.</param>
/// <param name="Own">Columns that B alone has, and as many that A alone has.</param>
/// <param name="Extra">Further columns that A alone has.</param>
internal readonly record struct RowPair(int A, int B, int Shared, int Own, int Extra);
