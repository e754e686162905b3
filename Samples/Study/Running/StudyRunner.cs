using System.Globalization;
using KernelGen.Torch;
using Spectre.Console;
using Study.Reporting;
using TorchSharp;

namespace Study.Running;

/// <summary>Runs a study here or in several processes, and shows how far it is.</summary>
internal static class StudyRunner
{
    private const int Stopped = 130;

    /// <summary>Runs what isn't finished yet.</summary>
    /// <param name="plan">The study.</param>
    /// <param name="processes">Processes that share the runs.</param>
    /// <param name="limit">Runs that each process finishes at most.</param>
    /// <param name="isWorker">Whether this is one of them.</param>
    /// <param name="arguments">The program's arguments.</param>
    /// <returns>The exit code.</returns>
    public static int Run(StudyPlan plan, int processes, int limit, bool isWorker, IReadOnlyList<string> arguments)
    {
        LibTorch.EnsureLoadable();

        // The layers are small: more threads would wait for each other more than they help.
        torch.set_num_threads(1);
        using var stop = new CancellationTokenSource();
        Console.CancelKeyPress += (_, e) =>
        {
            // The runs stop by themselves, after the step that they are in.
            e.Cancel = true;
            stop.Cancel();
        };
        if (isWorker)
        {
            WorkerProcesses.StopWithInput(stop);
            return Worker.Work(plan, limit, happened => Console.WriteLine(happened.ToLine()), stop.Token);
        }

        var estimate = TimeEstimate.Of(plan, stop.Token);
        Console.WriteLine(Text(
            $"{plan.Data.Name}: {plan.Data.Train.Count} images to learn from, {plan.Data.Test.Count} to test. {plan.Runs.Count} runs, {estimate.Finished} finished; the others take about {Minutes(estimate.SecondsLeft / processes)}."));
        var code = Watch(plan, estimate, processes, events
            => processes > 1 ? WorkerProcesses.Run(processes, arguments, events, stop.Token) : Worker.Work(plan, limit, events, stop.Token));
        if (stop.IsCancellationRequested)
        {
            Console.WriteLine("Stopped. The same command goes on; what is finished is kept.");
            return Stopped;
        }

        if (StudyPlan.ResultsIn(plan.Report.FullName).Read().Count > 0)
        {
            Console.WriteLine(ReportFile.Write(plan.Report));
        }

        return code;
    }

    private static int Watch(StudyPlan plan, TimeEstimate estimate, int processes, Func<Action<WorkerEvent>, int> work)
    {
        var code = 0;

        // No thread draws beside the training: a collection that another thread starts may take the scalars from under a running TorchSharp call.
        AnsiConsole.Progress().AutoRefresh(false).HideCompleted(true).Start(progress =>
        {
            var total = estimate.SecondsLeft;
            var bar = progress.AddTask("all runs", maxValue: Math.Max(1e-9, total));
            bar.Value = total > 0 ? 0 : bar.MaxValue;
            code = work(happened =>
            {
                estimate.Note(happened);
                bar.MaxValue = Math.Max(total, estimate.SecondsLeft);
                bar.Value = bar.MaxValue - estimate.SecondsLeft;
                if (happened.Finished && plan.Results.Read().FirstOrDefault(result => result.Run.Id == happened.Id) is { } result)
                {
                    AnsiConsole.WriteLine(Text(
                        $"{estimate.Finished} of {plan.Runs.Count}: {result.Run} {100 * result.Accuracy:0.00}%; {Minutes(estimate.SecondsLeft / processes)} left"));
                }

                if (happened.Failure.Length > 0)
                {
                    AnsiConsole.WriteLine($"{happened.Id} has failed: {happened.Failure}");
                }

                progress.Refresh();
            });
        });
        return code;
    }

    private static string Minutes(double seconds) => seconds < 90 ? Text($"{seconds:0} s") : Text($"{seconds / 60:0} min");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
