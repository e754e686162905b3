namespace KernelGen.Pruning;

/// <summary>
/// Lays a schedule over the steps of a run: updates fall on <see cref="Begin"/>, <see cref="Begin"/> + <see cref="Every"/> and so
/// on. The last is the first of these at or after <see cref="End"/>, or the run's last step where the run ends before it; so
/// the target is always reached. Steps count finished optimiser steps; step 0 is the moment before the first.
/// </summary>
public sealed class PruningTimeline
{
    private readonly long[]? _steps;

    /// <summary>Lays a schedule over the steps of a run.</summary>
    /// <param name="schedule">The curve between <paramref name="begin"/> and <paramref name="end"/>.</param>
    /// <param name="begin">The first update step, at least 0; sparsity is 0 before it.</param>
    /// <param name="end">The step from which the whole target holds, from <paramref name="begin"/> to <paramref name="totalSteps"/>.</param>
    /// <param name="every">Steps between two updates, at least 1.</param>
    /// <param name="totalSteps">Optimiser steps of the whole run.</param>
    /// <exception cref="ArgumentOutOfRangeException">A step lies outside its range.</exception>
    public PruningTimeline(ISchedule schedule, long begin, long end, long every, long totalSteps)
    {
        ArgumentNullException.ThrowIfNull(schedule);
        ArgumentOutOfRangeException.ThrowIfNegative(begin);
        ArgumentOutOfRangeException.ThrowIfLessThan(end, begin);
        ArgumentOutOfRangeException.ThrowIfLessThan(totalSteps, end);
        ArgumentOutOfRangeException.ThrowIfLessThan(every, 1);
        Schedule = schedule;
        Begin = begin;
        End = end;
        Every = every;
        var overhang = (end - begin) % every;
        Last = end + Math.Min(overhang == 0 ? 0 : every - overhang, totalSteps - end);
    }

    private PruningTimeline(ISchedule schedule, long[] steps)
    {
        Schedule = schedule;
        Begin = steps[0];
        End = steps[^1];
        Last = End;
        _steps = steps;
    }

    /// <summary>The curve between <see cref="Begin"/> and <see cref="End"/>.</summary>
    public ISchedule Schedule { get; }

    /// <summary>The first update step.</summary>
    public long Begin { get; }

    /// <summary>The step from which the whole target holds.</summary>
    public long End { get; }

    /// <summary>Steps between two updates; 0 where they are listed one by one (<see cref="AtSteps"/>).</summary>
    public long Every { get; }

    /// <summary>The last update step, where the target is reached.</summary>
    public long Last { get; }

    /// <summary>Updates at some steps alone, each of which adds the same share of the target (<see cref="MultiStepSchedule"/>).</summary>
    /// <param name="steps">Finished optimiser steps before each update, ascending; at least one, the first at least 0.</param>
    /// <exception cref="ArgumentException">There is no step, or they don't ascend from 0.</exception>
    public static PruningTimeline AtSteps(IReadOnlyList<long> steps)
    {
        ArgumentNullException.ThrowIfNull(steps);
        if (steps.Count == 0 || steps[0] < 0)
        {
            throw new ArgumentException("Multi-step pruning needs at least one step, and none before the run.", nameof(steps));
        }

        // The very quotients of ShareAt, so that a step is reached exactly where it stands.
        var length = Math.Max(1, steps[^1] - steps[0]);
        return new(new MultiStepSchedule([.. steps.Select(step => (double)(step - steps[0]) / length)]), [.. steps]);
    }

    /// <summary>Rounds in place of steps: after round k of n the density is (1 - S)^(k/n) (<see cref="ExponentialSchedule"/>).</summary>
    /// <param name="rounds">How many, at least 1; updates fall on 1, 2, ... n.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no round.</exception>
    public static PruningTimeline Rounds(int rounds)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rounds, 1);
        return new(new ExponentialSchedule(), begin: 0, end: rounds, every: 1, totalSteps: rounds);
    }

    /// <summary>Lays what a <see cref="PruneAttribute"/> declares over a run; fractions become the nearest step.</summary>
    /// <param name="settings">
    /// The declaration. One-shot ignores End; constant starts at step 0 and ignores Begin and End; multi-step follows Steps alone.
    /// </param>
    /// <param name="totalSteps">Optimiser steps of the whole run, at least 1.</param>
    /// <exception cref="ArgumentException">A setting lies outside its range.</exception>
    public static PruningTimeline From(PruneSettings settings, long totalSteps)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentOutOfRangeException.ThrowIfLessThan(totalSteps, 1);
        if (!(settings.Begin >= 0 && settings.Begin <= settings.End && settings.End <= 1))
        {
            throw new ArgumentException(
                $"Begin is {settings.Begin} and End is {settings.End}; they must be fractions of the run with 0 <= Begin <= End <= 1.",
                nameof(settings));
        }

        if (settings.Every < 1)
        {
            throw new ArgumentException($"Every is {settings.Every}; updates need at least 1 step between them.", nameof(settings));
        }

        if (settings.Schedule == KernelGen.Schedule.MultiStep)
        {
            return AtFractions(settings.Steps ?? [], totalSteps);
        }

        var begin = Count.Nearest(settings.Begin * totalSteps);
        var end = Count.Nearest(settings.End * totalSteps);
        return settings.Schedule switch
        {
            KernelGen.Schedule.Cubic => new(new CubicSchedule(), begin, end, settings.Every, totalSteps),
            KernelGen.Schedule.Linear => new(new LinearSchedule(), begin, end, settings.Every, totalSteps),
            KernelGen.Schedule.Exponential => new(new ExponentialSchedule(), begin, end, settings.Every, totalSteps),
            KernelGen.Schedule.Cosine => new(new CosineSchedule(), begin, end, settings.Every, totalSteps),
            KernelGen.Schedule.OneShot => new(new OneShotSchedule(), begin, begin, settings.Every, totalSteps),
            KernelGen.Schedule.Constant => new(new OneShotSchedule(), 0, 0, settings.Every, totalSteps),
            _ => throw new ArgumentException($"The schedule {settings.Schedule} is unknown.", nameof(settings)),
        };
    }

    /// <summary>Whether masks are to be updated after a number of finished optimiser steps.</summary>
    /// <param name="step">Finished optimiser steps; 0 before the first.</param>
    public bool IsUpdateStep(long step)
        => _steps is null
            ? step >= Begin && step <= Last && (step == Last || (step - Begin) % Every == 0)
            : Array.BinarySearch(_steps, step) >= 0;

    /// <summary>The share of the final sparsity that holds after a number of finished optimiser steps, in [0, 1].</summary>
    /// <param name="step">Finished optimiser steps; 0 before the first.</param>
    /// <param name="sparsity">The final sparsity; matters only where the curve depends on it (<see cref="ExponentialSchedule"/>).</param>
    /// <exception cref="InvalidOperationException">The schedule returned NaN.</exception>
    public double ShareAt(long step, double sparsity = 0)
    {
        if (step < Begin)
        {
            return 0;
        }

        if (step >= End)
        {
            return 1;
        }

        var share = Schedule.Share((double)(step - Begin) / (End - Begin), sparsity);
        return double.IsNaN(share)
            ? throw new InvalidOperationException($"{Schedule.GetType().Name} returned NaN at step {step}.")
            : Math.Clamp(share, 0, 1);
    }

    private static PruningTimeline AtFractions(IReadOnlyList<double> fractions, long totalSteps)
    {
        if (fractions.Count == 0)
        {
            throw new ArgumentException("Multi-step pruning needs Steps: the fractions of the run at which it prunes.", nameof(fractions));
        }

        for (var i = 0; i < fractions.Count; i++)
        {
            if (!(fractions[i] >= (i == 0 ? 0 : fractions[i - 1]) && fractions[i] <= 1))
            {
                throw new ArgumentException(
                    $"Steps hold {fractions[i]} in place {i}; they must be ascending fractions of the run from 0 to 1.", nameof(fractions));
            }
        }

        return AtSteps([.. fractions.Select(fraction => Count.Nearest(fraction * totalSteps))]);
    }
}
