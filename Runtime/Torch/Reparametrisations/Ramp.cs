namespace KernelGen.Torch;

/// <summary>A factor that rises from 0 to 1: what is penalised too early is pruned before it has learned anything.</summary>
/// <param name="Begin">The last step at which it is 0.</param>
/// <param name="End">The first step at which it is 1.</param>
public sealed record Ramp(long Begin, long End)
{
    /// <summary>The factor after a number of finished steps.</summary>
    /// <param name="step">Finished optimiser steps.</param>
    public double At(long step) => step >= End ? 1 : Math.Max(0, (double)(step - Begin) / (End - Begin));
}
