namespace KernelGen.Torch;

/// <summary>A factor that rises from 0 to 1: what is penalised too early is pruned before it has learned anything.</summary>
/// <param name="Begin">The last step at which it is 0.</param>
/// <param name="End">The first step at which it is 1; not before <paramref name="Begin"/>.</param>
/// <exception cref="ArgumentOutOfRangeException">It ends before it begins.</exception>
public sealed record Ramp(long Begin, long End)
{
    /// <summary>The first step at which it is 1.</summary>
    public long End { get; init; } = End >= Begin
        ? End
        : throw new ArgumentOutOfRangeException(nameof(End), End, $"A ramp that begins after step {Begin} can't end before.");

    /// <summary>The factor after a number of finished steps.</summary>
    /// <param name="step">Finished optimiser steps.</param>
    public double At(long step) => step >= End ? 1 : Math.Max(0, (double)(step - Begin) / (End - Begin));
}
