namespace KernelGen.Pruning;

/// <summary>
/// When training is sparse and when it is dense (AC/DC: Peste et al. 2021, arXiv 2106.12379): a dense warm-up, then phases that are sparse and dense in
/// turn, a dense one, and a sparse one to the end. The default is what its authors take for 100 epochs. All are fractions of the run.
/// </summary>
/// <param name="WarmUp">The dense beginning.</param>
/// <param name="Phase">Each of the phases that alternate, the first of which is sparse.</param>
/// <param name="LastDense">The dense phase before the last.</param>
/// <param name="LastSparse">The last phase.</param>
public sealed record Alternation(double WarmUp = 0.1, double Phase = 0.05, double LastDense = 0.1, double LastSparse = 0.15)
{
    /// <summary>Whether the steps after a number of finished steps are sparse.</summary>
    /// <param name="step">Finished optimiser steps.</param>
    /// <param name="totalSteps">Steps of the whole run.</param>
    /// <exception cref="ArgumentException">A fraction is negative, a phase is shorter than a step, or all together are more than the run.</exception>
    public bool IsSparse(long step, long totalSteps)
    {
        ThrowIfInvalid(totalSteps);
        if (step >= At(1 - LastSparse))
        {
            return true;
        }

        if (step < At(WarmUp) || step >= At(1 - LastSparse - LastDense))
        {
            return false;
        }

        // A phase begins at the step nearest to its place, so that phases that are no whole number of steps don't drift.
        var phase = 0;
        while (step >= At(WarmUp + ((phase + 1) * Phase)))
        {
            phase++;
        }

        return phase % 2 == 0;

        long At(double fraction) => Count.Nearest(fraction * totalSteps);
    }

    private void ThrowIfInvalid(long totalSteps)
    {
        if (!(WarmUp >= 0 && Phase * totalSteps >= 1 && LastDense >= 0 && LastSparse > 0 && WarmUp + LastDense + LastSparse <= 1 + 1e-9))
        {
            throw new ArgumentException(
                FormattableString.Invariant($"A run of dense and sparse phases needs fractions that aren't negative, phases of a step at least, a last sparse phase, and no more than 1 together; of {totalSteps} steps it has a warm-up of {WarmUp}, phases of {Phase}, at the end {LastDense} dense and {LastSparse} sparse."));
        }
    }
}
