using System;

namespace KernelGen;

/// <summary>
/// Declares that a model chooses its active weights anew while it trains: the smallest make way for others at a constant number, or as
/// <see cref="KernelGen.Growth"/> says. On a layer's property, for that layer alone, in place of what the model declares. The settings are those of
/// <see cref="KernelGen.Growth.Set"/>, <see cref="KernelGen.Growth.RigL"/> and <see cref="KernelGen.Growth.Snfs"/>; the other values have none.
/// </summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Property, Inherited = false)]
public sealed class GrowAttribute : Attribute
{
    /// <summary>Chooses weights by a rule.</summary>
    /// <param name="growth">Which weights become active, and when.</param>
    public GrowAttribute(Growth growth) => Growth = growth;

    /// <summary>Which weights become active, and when.</summary>
    public Growth Growth { get; }

    /// <summary>The share of a layer's active weights that is replaced at the beginning, in (0, 1]; 0.3 unless set.</summary>
    public double Share { get; set; } = 0.3;

    /// <summary>Optimiser steps between two changes of the masks, at least 1; 100 unless set.</summary>
    public int Every { get; set; } = 100;

    /// <summary>Where changes end, as a fraction of the run in (0, 1]; 0.75 unless set.</summary>
    public double End { get; set; } = 0.75;
}
