namespace KernelGen.Dispatch;

/// <summary>
/// What a kernel is estimated to take for a panel of samples, or for one sample: cycles of the processor that they were measured on, of which
/// only the ratios matter. How many units and steps some weights have, and what those are, tells their format.
/// </summary>
/// <param name="unit">Cycles of a unit.</param>
/// <param name="step">Cycles of a step.</param>
/// <param name="shared">Cycles of a step that two rows share.</param>
public readonly struct KernelCost(double unit, double step, double shared = 0)
{
    /// <summary>Cycles of a unit: what each pair of rows in a block of columns, or each tile, costs besides its steps.</summary>
    public double Unit { get; } = unit;

    /// <summary>Cycles of a step.</summary>
    public double Step { get; } = step;

    /// <summary>Cycles of a step that two rows share.</summary>
    public double Shared { get; } = shared;
}
