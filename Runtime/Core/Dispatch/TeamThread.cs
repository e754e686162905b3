using System.Diagnostics;

namespace KernelGen.Dispatch;

/// <summary>
/// A background thread that helps when it is called. It awaits the next call busily for a while, so that it begins in about a microsecond, then
/// sleeps. A call that it hasn't begun when the caller is through is taken back, so that nobody waits for a processor that is busy.
/// </summary>
internal sealed class TeamThread
{
    /// <summary>Longer than what lies between two layers, short enough not to keep a processor from others.</summary>
    private const double SpinSeconds = 50e-6;

    private const int Idle = 0;
    private const int Asleep = 1;
    private const int Called = 2;
    private const int Running = 3;

    private static readonly long SpinTicks = (long)(SpinSeconds * Stopwatch.Frequency);

    private readonly ThreadTeam _team;
    private readonly int _number;
    private readonly object _sleep = new();
    private int _state = Idle;

    public TeamThread(ThreadTeam team, int number)
    {
        _team = team;
        _number = number;
        new Thread(Loop) { IsBackground = true, Name = $"KernelGen {number}" }.Start();
    }

    /// <summary>Calls for help with what the team holds.</summary>
    public void Call()
    {
        if (Interlocked.Exchange(ref _state, Called) == Asleep)
        {
            lock (_sleep)
            {
                Monitor.Pulse(_sleep);
            }
        }
    }

    /// <summary>Takes a call back, or waits until it is done.</summary>
    public void Join()
    {
        if (Interlocked.CompareExchange(ref _state, Idle, Called) == Called)
        {
            return;
        }

        var wait = default(SpinWait);
        while (Volatile.Read(ref _state) == Running)
        {
            wait.SpinOnce(sleep1Threshold: -1);
        }
    }

    private void Loop()
    {
        while (true)
        {
            Await();
            _team.Help(_number);
            Volatile.Write(ref _state, Idle);
        }
    }

    private void Await()
    {
        var start = Stopwatch.GetTimestamp();
        while (Volatile.Read(ref _state) != Called || Interlocked.CompareExchange(ref _state, Running, Called) != Called)
        {
            if (Stopwatch.GetTimestamp() - start < SpinTicks)
            {
                Thread.SpinWait(1);
            }
            else if (Interlocked.CompareExchange(ref _state, Asleep, Idle) == Idle)
            {
                Sleep();
                start = Stopwatch.GetTimestamp();
            }
        }
    }

    private void Sleep()
    {
        lock (_sleep)
        {
            while (Volatile.Read(ref _state) == Asleep)
            {
                Monitor.Wait(_sleep);
            }
        }
    }
}
