namespace KernelGen.Pruning;

/// <summary>Nothing between a few steps, each of which adds the same share: after i of n steps the share is i / n.</summary>
public sealed class MultiStepSchedule : ISchedule
{
    private readonly double[] _steps;

    /// <summary>Lays the steps.</summary>
    /// <param name="steps">Where a share is added, as progress from 0 to 1, ascending; at least one.</param>
    /// <exception cref="ArgumentException">There is no step, or the steps aren't ascending numbers in [0, 1].</exception>
    public MultiStepSchedule(IReadOnlyList<double> steps)
    {
        ArgumentNullException.ThrowIfNull(steps);
        _steps = [.. steps];
        if (_steps.Length == 0)
        {
            throw new ArgumentException("A multi-step schedule needs at least one step.", nameof(steps));
        }

        for (var i = 0; i < _steps.Length; i++)
        {
            if (!(_steps[i] >= (i == 0 ? 0 : _steps[i - 1]) && _steps[i] <= 1))
            {
                throw new ArgumentException(
                    $"Step {i} of a multi-step schedule is {_steps[i]}; steps must ascend from 0 to 1.", nameof(steps));
            }
        }
    }

    /// <inheritdoc/>
    public double Share(double progress) => (double)_steps.Count(step => step <= progress) / _steps.Length;
}
