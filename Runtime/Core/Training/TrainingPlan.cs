namespace KernelGen.Training;

/// <summary>Which kernels the steps of a layer's training run with its current mask, and why.</summary>
/// <param name="Layer">The layer's name.</param>
/// <param name="InstructionSet">The instruction set.</param>
/// <param name="Nonzeros">Active weights.</param>
/// <param name="Weights">All weights.</param>
/// <param name="Forward">Y = W X.</param>
/// <param name="InputGradient">dX = W^T dZ; of a layer in a module null until it is first needed, which that of a model's first layer mostly never is.</param>
/// <param name="WeightGradient">dW = dZ X^T at the active weights (SDDMM).</param>
public sealed record TrainingPlan(
    string Layer,
    InstructionSet InstructionSet,
    long Nonzeros,
    long Weights,
    RegimePlan Forward,
    RegimePlan? InputGradient,
    RegimePlan WeightGradient)
{
    /// <summary>Active weights as a fraction of all.</summary>
    public double Density => (double)Nonzeros / Weights;

    /// <summary>Four lines: the layer, and a line for each product.</summary>
    public override string ToString() => FormattableString.Invariant(
        $"{Layer} on {Isa.NameOf(InstructionSet)}: {Nonzeros:N0} of {Weights:N0} weights, density {Density:0.####}\n")
        + $"  forward: {Forward}\n  input gradient: {InputGradient?.ToString() ?? "not needed so far"}\n  weight gradient: {WeightGradient}";
}
