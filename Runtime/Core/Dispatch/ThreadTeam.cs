using System.Runtime.ExceptionServices;

namespace KernelGen.Dispatch;

/// <summary>
/// The threads that help calls of Forward, one call at a time: who finds them busy does its work alone. They are started when first needed.
/// </summary>
internal sealed class ThreadTeam
{
    private static readonly ThreadTeam Shared = new();

    private TeamThread[] _helpers = [];
    private int _taken;
    private ITeamWork? _work;
    private int _items;
    private int _next;
    private Exception? _error;

    private ThreadTeam()
    {
    }

    /// <summary>Does all items, on the caller's thread and on helpers, and returns when they are done.</summary>
    /// <param name="work">The work.</param>
    /// <param name="items">Its items.</param>
    /// <param name="threads">The most threads to use, the caller's included.</param>
    public static void Run(ITeamWork work, int items, int threads)
    {
        var helpers = Math.Min(items, threads) - 1;
        if (helpers > 0 && Interlocked.CompareExchange(ref Shared._taken, 1, 0) == 0)
        {
            try
            {
                Shared.RunTogether(work, items, helpers);
            }
            finally
            {
                Volatile.Write(ref Shared._taken, 0);
            }

            return;
        }

        for (var item = 0; item < items; item++)
        {
            work.Run(item, 0);
        }
    }

    /// <summary>Takes items while there are any; what goes wrong is for the caller.</summary>
    public void Help(int thread)
    {
        try
        {
            Take(thread);
        }
#pragma warning disable CA1031 // The caller's thread throws it.
        catch (Exception error)
#pragma warning restore CA1031
        {
            Volatile.Write(ref _error, error);
        }
    }

    private void RunTogether(ITeamWork work, int items, int helpers)
    {
        helpers = Hire(helpers);
        _work = work;
        _items = items;
        _next = 0;
        _error = null;
        try
        {
            for (var i = 0; i < helpers; i++)
            {
                _helpers[i].Call();
            }

            Take(0);
        }
        finally
        {
            for (var i = 0; i < helpers; i++)
            {
                _helpers[i].Join();
            }

            _work = null;
        }

        if (_error is { } error)
        {
            _error = null;
            ExceptionDispatchInfo.Throw(error);
        }
    }

    private void Take(int thread)
    {
        var work = _work!;
        for (var item = Next(); item < _items; item = Next())
        {
            work.Run(item, thread);
        }
    }

    private int Next() => Interlocked.Increment(ref _next) - 1;

    /// <summary>Starts the helpers that are missing; where the system gives no more threads, those that there are must do.</summary>
    /// <returns>Helpers that can be called.</returns>
    private int Hire(int helpers)
    {
        while (_helpers.Length < helpers)
        {
            TeamThread helper;
            try
            {
                helper = new TeamThread(this, _helpers.Length + 1);
            }
            catch (Exception error) when (error is OutOfMemoryException or ThreadStartException)
            {
                return _helpers.Length;
            }

            _helpers = [.. _helpers, helper];
        }

        return helpers;
    }
}
