using System;

namespace KernelGen;

/// <summary>
/// Declares that masks change while a model trains at a constant number of active weights: the smallest make way for others. On a layer's property, for
/// that layer alone, in place of what the model declares.
/// </summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Property, Inherited = false)]
public sealed class GrowAttribute : Attribute
{
    /// <summary>Replaces weights by a rule.</summary>
    /// <param name="growth">Which weights become active.</param>
    public GrowAttribute(Growth growth) => Growth = growth;

    /// <summary>Which weights become active.</summary>
    public Growth Growth { get; }

    /// <summary>The share of a layer's active weights that is replaced at the beginning, in (0, 1]; 0.3 unless set.</summary>
    public double Share { get; set; } = 0.3;

    /// <summary>Optimiser steps between two changes of the masks, at least 1; 100 unless set.</summary>
    public int Every { get; set; } = 100;

    /// <summary>Where changes end, as a fraction of the run in (0, 1]; 0.75 unless set.</summary>
    public double End { get; set; } = 0.75;
}
