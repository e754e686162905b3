using System;

namespace KernelGen;

/// <summary>Block sparsity: whole blocks of <see cref="Rows"/> outputs by <see cref="Columns"/> inputs are kept or pruned.</summary>
[AttributeUsage(AttributeTargets.Property, Inherited = false)]
public sealed class BlockAttribute : Attribute
{
    /// <summary>Keeps or prunes blocks of <paramref name="rows"/> outputs by <paramref name="columns"/> inputs.</summary>
    /// <param name="rows">Outputs in a block, at least 1; the last block of the layer may be cut.</param>
    /// <param name="columns">Inputs in a block, at least 1; the last block of a row may be cut.</param>
    public BlockAttribute(int rows, int columns)
    {
        Rows = rows;
        Columns = columns;
    }

    /// <summary>Outputs in a block.</summary>
    public int Rows { get; }

    /// <summary>Inputs in a block.</summary>
    public int Columns { get; }

    /// <summary>The fraction of blocks to prune, in [0, 1); 0, which prunes nothing, unless set. Budgets other than
    /// <see cref="Budget.ByHand"/> choose it themselves.</summary>
    public double Sparsity { get; set; }
}
