namespace KernelGen.Benchmarks.Threading;

/// <summary>What several threads should take: the serial share, the busiest thread's items, and a fork for every time that work is shared.</summary>
/// <param name="One">Seconds that one thread takes for everything.</param>
/// <param name="Serial">Seconds of these that nobody can help with.</param>
/// <param name="Items">What the items weigh, in any unit.</param>
/// <param name="Forks">How often work is shared.</param>
internal sealed record ScalingModel(double One, double Serial, IReadOnlyList<double> Items, int Forks)
{
    /// <summary>Seconds.</summary>
    /// <param name="threads">How many threads.</param>
    /// <param name="fork">Seconds that sharing work takes.</param>
    /// <param name="slowdown">How many times as long an item takes while the other threads are busy, too: 1 where each has a core of its own.</param>
    public double Seconds(int threads, double fork, double slowdown)
        => threads == 1 || Items.Count == 1 ? One : Serial + ((One - Serial) * Busiest(threads) * slowdown) + (Forks * fork);

    /// <summary>The busiest thread's share of the items, where each takes the next when it is free.</summary>
    private double Busiest(int threads)
    {
        var busy = new double[threads];
        foreach (var item in Items)
        {
            busy[Array.IndexOf(busy, busy.Min())] += item;
        }

        return busy.Max() / Items.Sum();
    }
}
