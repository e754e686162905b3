using System.Diagnostics;

namespace Study.Running;

/// <summary>The same program several times, each as a worker.</summary>
internal static class WorkerProcesses
{
    /// <summary>What makes a program a worker: it writes events to its output, and stops where its input ends.</summary>
    public const string Option = "--worker";

    /// <summary>Runs workers until no run is left.</summary>
    /// <param name="count">How many.</param>
    /// <param name="arguments">This program's own arguments.</param>
    /// <param name="events">Told what happens, one call at a time.</param>
    /// <param name="stop">Asks the workers to stop; they leave checkpoints.</param>
    /// <returns>The first exit code that isn't 0, or 0.</returns>
    public static int Run(int count, IReadOnlyList<string> arguments, Action<WorkerEvent> events, CancellationToken stop)
    {
        var gate = new Lock();
        var workers = Enumerable.Range(0, count).Select(_ => Start(arguments)).ToList();
        using var onStop = stop.Register(() => workers.ForEach(worker => worker.StandardInput.Close()));
        var readers = workers.Select(worker => Task.Run(() =>
        {
            while (worker.StandardOutput.ReadLine() is { } line)
            {
                if (WorkerEvent.Parse(line) is { } happened)
                {
                    lock (gate)
                    {
                        events(happened);
                    }
                }
            }
        })).ToArray();
        Task.WaitAll(readers, CancellationToken.None);
        workers.ForEach(worker => worker.WaitForExit());
        var code = workers.Select(worker => worker.ExitCode).FirstOrDefault(exit => exit != 0);
        workers.ForEach(worker => worker.Dispose());
        return code;
    }

    /// <summary>A worker's side: whoever started it is gone, or wants it to stop, where the input ends.</summary>
    public static void StopWithInput(CancellationTokenSource stop)
        => new Thread(() =>
        {
            while (Console.In.ReadLine() is not null)
            {
                // Nothing is said.
            }

            stop.Cancel();
        })
        { IsBackground = true }.Start();

    private static Process Start(IReadOnlyList<string> arguments)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardInput = true, RedirectStandardOutput = true };

        // Where dotnet runs an assembly, that comes first.
        if (!Path.GetFileNameWithoutExtension(Environment.ProcessPath!).Equals(typeof(WorkerProcesses).Assembly.GetName().Name, StringComparison.OrdinalIgnoreCase))
        {
            start.ArgumentList.Add(typeof(WorkerProcesses).Assembly.Location);
        }

        foreach (var argument in arguments.Append(Option))
        {
            start.ArgumentList.Add(argument);
        }

        return Process.Start(start)!;
    }
}
