using System;

namespace KernelGen;

/// <summary>
/// Marks a partial class as a sparse model: its <see cref="LinearAttribute"/> properties are its layers, in declaration order,
/// and the build emits their kernels and the model's members.
/// </summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class SparseModelAttribute : Attribute
{
    /// <summary>Whether the build also emits the kernels of gradients, so that the model's layers can be trained at the cost of their nonzeros.</summary>
    public bool Training { get; set; }
}
