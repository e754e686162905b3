using System;

namespace KernelGen;

/// <summary>Declares what is pruned, when and how, for a model or, on a layer's property, for that layer alone.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Property, Inherited = false)]
public sealed class PruneAttribute : Attribute
{
    /// <summary>Prunes by a criterion on a schedule.</summary>
    /// <param name="criterion">The score by which weights are ranked.</param>
    /// <param name="schedule">How sparsity grows over the run.</param>
    public PruneAttribute(Criterion criterion, Schedule schedule)
    {
        Criterion = criterion;
        Schedule = schedule;
    }

    /// <summary>The score by which weights are ranked.</summary>
    public Criterion Criterion { get; }

    /// <summary>How sparsity grows over the run.</summary>
    public Schedule Schedule { get; }

    /// <summary>Where pruning begins, as a fraction of the run in [0, 1]; 0 unless set.</summary>
    public double Begin { get; set; }

    /// <summary>Where the target is reached, as a fraction of the run in [0, 1], not before <see cref="Begin"/>; 1 unless set.</summary>
    public double End { get; set; } = 1;

    /// <summary>Optimiser steps between two updates of the masks, at least 1; 100 unless set.</summary>
    public int Every { get; set; } = 100;

    /// <summary>
    /// Where <see cref="Schedule.MultiStep"/> prunes: fractions of the run in [0, 1], ascending. It needs at least one, and they
    /// replace <see cref="Begin"/>, <see cref="End"/> and <see cref="Every"/>; other schedules have none.
    /// </summary>
    public double[] Steps { get; set; } = Array.Empty<double>();

    /// <summary>
    /// What is pruned at a time; <see cref="PruningUnit.Pattern"/> unless set. <see cref="Criterion.Activity"/> and <see cref="Criterion.Correlation"/> rank
    /// whole outputs alone, also where nothing is set. An N:M layer keeps as many weights of every group, so that it has no other unit.
    /// </summary>
    public PruningUnit Unit { get; set; } = PruningUnit.Pattern;

    /// <summary>How sparsity is spread over the layers; <see cref="Budget.ByHand"/> unless set. On a model only.</summary>
    public Budget Budget { get; set; } = Budget.ByHand;

    /// <summary>
    /// The fraction of zeros over all unstructured and block layers, in [0, 1); needed by every budget but
    /// <see cref="Budget.ByHand"/>. On a model only.
    /// </summary>
    public double Sparsity { get; set; }

    /// <summary>
    /// The active weights that each unstructured or block layer keeps at least, at least 1; 1 unless set. Other layers get sparser
    /// for it. On a model only.
    /// </summary>
    public int MinimumPerLayer { get; set; } = 1;

    /// <summary>The same for each output of such a layer, so that none runs dry; 0 unless set. On a model only.</summary>
    public int MinimumPerOutput { get; set; }
}
