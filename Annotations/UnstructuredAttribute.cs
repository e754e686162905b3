using System;

namespace KernelGen;

/// <summary>Any weight of the layer may be pruned.</summary>
[AttributeUsage(AttributeTargets.Property, Inherited = false)]
public sealed class UnstructuredAttribute : Attribute
{
    /// <summary>The fraction of zeros to prune to, in [0, 1); 0, which prunes nothing, unless set. Budgets other than
    /// <see cref="Budget.ByHand"/> choose it themselves.</summary>
    public double Sparsity { get; set; }
}
