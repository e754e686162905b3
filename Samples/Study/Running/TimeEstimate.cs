using System.Diagnostics;
using Study.Methods;
using Study.Training;

namespace Study.Running;

/// <summary>How long runs take: from those of the same method that are finished, else from a few steps that are tried.</summary>
internal sealed class TimeEstimate
{
    private const int TriedSteps = 40;
    private readonly StudyPlan _plan;
    private readonly Dictionary<string, double> _stepSeconds;
    private readonly HashSet<string> _finished = [];
    private readonly Dictionary<string, double> _shares = [];

    private TimeEstimate(StudyPlan plan, Dictionary<string, double> stepSeconds)
    {
        _plan = plan;
        _stepSeconds = stepSeconds;
        Update();
    }

    /// <summary>Runs whose results are in the file.</summary>
    public int Finished => _finished.Count;

    /// <summary>Seconds of work that is left, for one process.</summary>
    public double SecondsLeft
        => _plan.Runs.Where(run => !_finished.Contains(run.Id)).Sum(run => SecondsOf(run) * (1 - _shares.GetValueOrDefault(run.Id)));

    /// <summary>Seconds of a run.</summary>
    public double SecondsOf(RunKey run) => _stepSeconds[run.Method] * _plan.Context(run).TotalSteps;

    /// <summary>Tries some steps of each method that has no finished run.</summary>
    /// <param name="plan">The study.</param>
    /// <param name="stop">Ends what is being tried; the estimate is worth nothing then.</param>
    public static TimeEstimate Of(StudyPlan plan, CancellationToken stop)
    {
        var known = plan.Results.Read().Where(result => result.Run.Data == plan.Data.Name && result.StepMilliseconds is not null).Select(result => result.Run.Method).ToHashSet();
        return new TimeEstimate(
            plan,
            plan.Runs.DistinctBy(run => run.Method).ToDictionary(run => run.Method, run => known.Contains(run.Method) ? 0 : Try(plan, run, stop)));
    }

    /// <summary>Takes what a worker tells into account.</summary>
    public void Note(WorkerEvent happened)
    {
        _shares[happened.Id] = happened.Share;
        if (happened.Finished)
        {
            Update();
        }
    }

    private void Update()
    {
        var results = _plan.Results.Read().Where(result => result.Run.Data == _plan.Data.Name).ToList();
        _finished.UnionWith(results.Select(result => result.Run).Intersect(_plan.Runs).Select(run => run.Id));
        foreach (var method in results.Where(result => result.StepMilliseconds is not null).GroupBy(result => result.Run.Method))
        {
            _stepSeconds[method.Key] = method.Average(result => result.StepMilliseconds!.Value) / 1000;
        }
    }

    private static double Try(StudyPlan plan, RunKey run, CancellationToken stop)
    {
        var file = Path.Combine(plan.Output.FullName, $"trial-{Environment.ProcessId}.checkpoint");
        try
        {
            // An epoch of as many steps: the first half warms up.
            var trial = plan.Context(run) with { Epochs = 2, EpochSteps = Math.Min(TriedSteps, plan.Context(run).EpochSteps) };
            var start = 0L;
            var seconds = 0.0;
            TrainingLoop.Train(
                MethodTable.Find(run.Method),
                run with { Epochs = 2 },
                trial,
                file,
                share =>
                {
                    seconds = start == 0 ? 0 : Stopwatch.GetElapsedTime(start).TotalSeconds;
                    start = Stopwatch.GetTimestamp();
                },
                (_, _) => "",
                stop);
            return seconds / trial.EpochSteps;
        }
        catch (DivergedException)
        {
            // The run will say so. It takes no time to speak of.
            return 0;
        }
        finally
        {
            File.Delete(file);
        }
    }
}
