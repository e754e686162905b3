namespace KernelGen.Generator.Planning;

/// <summary>
/// What a kernel is estimated to take for a panel of samples, or for one sample, in cycles: the runtime counts the units and steps in the
/// actual weights, format by format as its PackWork says, and multiplies.
/// </summary>
/// <param name="Unit">Cycles of a unit: what each pair of rows in a block of columns, or each tile, costs besides its steps.</param>
/// <param name="Step">Cycles of a step.</param>
/// <param name="Shared">Cycles of a step that two rows share.</param>
internal sealed record KernelCost(double Unit, double Step, double Shared = 0);
