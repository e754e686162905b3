using Study.Training;

namespace Study.Running;

/// <summary>Takes one unclaimed run of a study after the other.</summary>
internal static class Worker
{
    /// <summary>Works until no run is left that others haven't finished or claimed.</summary>
    /// <param name="plan">The study.</param>
    /// <param name="limit">Runs to finish at most.</param>
    /// <param name="events">Told what happens.</param>
    /// <param name="stop">Stops after the step that a run is in; its checkpoint stays.</param>
    /// <returns>The exit code: 0, or 1 where a run has failed. The others go on.</returns>
    public static int Work(StudyPlan plan, int limit, Action<WorkerEvent> events, CancellationToken stop)
    {
        var code = 0;
        foreach (var run in plan.Runs)
        {
            if (stop.IsCancellationRequested || limit == 0)
            {
                break;
            }

            using var claim = Claim.Try(plan.Claims, run);

            // Read when the claim is held: whoever had it before may have finished.
            if (claim is null || plan.Results.Read().Any(result => result.Run == run))
            {
                continue;
            }

            events(new WorkerEvent(run.Id, 0));
            try
            {
                if (SingleRun.Execute(plan, run, share => events(new WorkerEvent(run.Id, share)), stop) is not null)
                {
                    events(new WorkerEvent(run.Id, 1, Finished: true));
                    limit--;
                }
            }
            catch (DivergedException e)
            {
                // What it left would diverge again.
                File.Delete(plan.CheckpointFile(run));
                events(new WorkerEvent(run.Id, 1, Failure: e.Message));
                code = 1;
            }
        }

        return code;
    }
}
