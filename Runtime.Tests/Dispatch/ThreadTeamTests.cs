using KernelGen.Dispatch;
using Xunit;

namespace KernelGen.Runtime.Tests;

[Collection(ProcessWide.Name)]
public sealed class ThreadTeamTests
{
    [Fact]
    public void Every_item_is_done_once()
    {
        foreach (var (items, threads) in new[] { (1, 4), (2, 2), (3, 8), (16, 3), (1000, 8), (5, 1) })
        {
            for (var round = 0; round < 200; round++)
            {
                var done = new int[items];
                ThreadTeam.Run(
                    new Work((item, thread) =>
                    {
                        Assert.InRange(thread, 0, threads - 1);
                        Interlocked.Increment(ref done[item]);
                    }), items, threads);
                Assert.All(done, times => Assert.Equal(1, times));
            }
        }
    }

    [Fact]
    public void Helpers_work_beside_the_caller_also_after_a_sleep()
    {
        for (var round = 0; round < 3; round++)
        {
            // All three meet: no one thread could do two of the items.
            using var barrier = new Barrier(3);
            var threads = new int[3];
            ThreadTeam.Run(
                new Work((item, thread) =>
                {
                    threads[item] = thread;
                    Assert.True(barrier.SignalAndWait(TimeSpan.FromSeconds(30)));
                }), 3, 3);
            Assert.Equal([0, 1, 2], threads.Order());
            Thread.Sleep(20);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void An_error_reaches_the_caller_and_the_next_call_works(bool ofHelper)
    {
        using var barrier = new Barrier(2);
        var error = Assert.Throws<InvalidOperationException>(() => ThreadTeam.Run(
            new Work((_, thread) =>
            {
                barrier.SignalAndWait(TimeSpan.FromSeconds(30));
                if (thread > 0 == ofHelper)
                {
                    throw new InvalidOperationException("broken");
                }
            }), 2, 2));

        Assert.Equal("broken", error.Message);
        Every_item_is_done_once();
    }

    [Fact]
    public void Who_finds_the_helpers_busy_works_alone()
    {
        using var busy = new Barrier(3);
        using var free = new ManualResetEventSlim();
        var other = new Thread(() => ThreadTeam.Run(
            new Work((_, _) =>
            {
                busy.SignalAndWait(TimeSpan.FromSeconds(30));
                free.Wait(TimeSpan.FromSeconds(30));
            }), 2, 2));
        other.Start();
        busy.SignalAndWait(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        var threads = new HashSet<int>();
        ThreadTeam.Run(new Work((_, _) => threads.Add(Environment.CurrentManagedThreadId)), 10, 4);
        free.Set();
        other.Join();

        Assert.Equal([Environment.CurrentManagedThreadId], threads);
    }

    private sealed class Work(Action<int, int> run) : ITeamWork
    {
        public void Run(int item, int thread) => run(item, thread);
    }
}
