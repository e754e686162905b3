using KernelGen.Pruning;
using Xunit;

namespace KernelGen.Runtime.Tests.Pruning;

public sealed class ScheduleTests
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(0.25, 0.578125)]
    [InlineData(0.5, 0.875)]
    [InlineData(0.75, 0.984375)]
    [InlineData(1, 1)]
    public void Cubic_follows_Zhu_and_Gupta(double progress, double share)
        => Assert.Equal(share, new CubicSchedule().Share(progress));

    [Theory]
    [InlineData(0)]
    [InlineData(0.25)]
    [InlineData(1)]
    public void Linear_is_progress(double progress) => Assert.Equal(progress, new LinearSchedule().Share(progress));

    [Theory]
    [InlineData(0)]
    [InlineData(0.5)]
    [InlineData(1)]
    public void One_shot_is_the_whole_target(double progress) => Assert.Equal(1, new OneShotSchedule().Share(progress));

    [Theory]
    [InlineData(Schedule.Cubic, 99, 0)]
    [InlineData(Schedule.Cubic, 100, 0)]
    [InlineData(Schedule.Cubic, 400, 0.875)]
    [InlineData(Schedule.Cubic, 699, 0.999999995)]
    [InlineData(Schedule.Cubic, 700, 1)]
    [InlineData(Schedule.Cubic, 5000, 1)]
    [InlineData(Schedule.Linear, 100, 0)]
    [InlineData(Schedule.Linear, 250, 0.25)]
    [InlineData(Schedule.Linear, 700, 1)]
    [InlineData(Schedule.OneShot, 99, 0)]
    [InlineData(Schedule.OneShot, 100, 1)]
    [InlineData(Schedule.Constant, 0, 1)]
    [InlineData(Schedule.Constant, 1000, 1)]
    public void Settings_give_the_share_at_a_step(Schedule schedule, long step, double share)
    {
        var settings = new PruneSettings(Criterion.Magnitude, schedule, Begin: 0.1, End: 0.7, Every: 100);

        Assert.Equal(share, PruningTimeline.From(settings, totalSteps: 1000).ShareAt(step), 9);
    }

    [Theory]
    [InlineData(Schedule.Cubic, 0.1, 0.7, 100, 1000, "100 200 300 400 500 600 700")]
    [InlineData(Schedule.Cubic, 0.1, 0.7, 250, 1000, "100 350 600 850")]
    [InlineData(Schedule.Cubic, 0.1, 0.7, 400, 1000, "100 500 900")]
    [InlineData(Schedule.Linear, 0.1, 0.95, 400, 1000, "100 500 900 1000")]
    [InlineData(Schedule.Linear, 0.5, 0.5, 7, 1000, "500")]
    [InlineData(Schedule.Linear, 0, 1, 5000, 1000, "0 1000")]
    [InlineData(Schedule.OneShot, 0.3, 0.9, 10, 1000, "300")]
    [InlineData(Schedule.OneShot, 1, 1, 10, 1000, "1000")]
    [InlineData(Schedule.Constant, 0.3, 0.9, 10, 1000, "0")]
    [InlineData(Schedule.Cubic, 0.1, 0.3, 1, 30, "3 4 5 6 7 8 9")]
    public void Updates_fall_on_a_grid_and_the_last_reaches_the_target(
        Schedule schedule, double begin, double end, int every, long totalSteps, string steps)
    {
        var timeline = PruningTimeline.From(new PruneSettings(Criterion.Magnitude, schedule, begin, end, every), totalSteps);

        var updates = Enumerable.Range(0, (int)totalSteps + 100).Where(step => timeline.IsUpdateStep(step));

        Assert.Equal(steps, string.Join(' ', updates));
        Assert.Equal(1, timeline.ShareAt(timeline.Last));
    }

    [Fact]
    public void Share_never_falls_and_the_target_is_reached_in_the_run() => ForAll.Seeds(100, random =>
    {
        var begin = random.NextDouble();
        var settings = new PruneSettings(
            Criterion.Magnitude, (Schedule)random.Next(4), begin, begin + (random.NextDouble() * (1 - begin)), random.Next(1, 40));
        var totalSteps = random.Next(1, 300);
        var timeline = PruningTimeline.From(settings, totalSteps);

        var shares = Enumerable.Range(0, totalSteps + 1).Select(step => timeline.ShareAt(step)).ToArray();

        Assert.Equal(shares.Order(), shares);
        Assert.All(shares, share => Assert.InRange(share, 0, 1));
        Assert.InRange(timeline.Last, 0, totalSteps);
        Assert.True(timeline.IsUpdateStep(timeline.Last));
        Assert.Equal(1, timeline.ShareAt(timeline.Last));
    });

    [Theory]
    [InlineData(-0.1, 1, 1)]
    [InlineData(0.6, 0.5, 1)]
    [InlineData(0, 1.1, 1)]
    [InlineData(double.NaN, 1, 1)]
    [InlineData(0, double.NaN, 1)]
    [InlineData(0, 1, 0)]
    public void Settings_out_of_range_are_refused(double begin, double end, int every)
    {
        var settings = new PruneSettings(Criterion.Magnitude, Schedule.Cubic, begin, end, every);

        Assert.Throws<ArgumentException>(() => PruningTimeline.From(settings, 100));
    }

    [Fact]
    public void A_schedule_of_ones_own_is_clamped_and_NaN_is_an_error()
    {
        Assert.Equal(1, new PruningTimeline(new Custom(_ => 7), 0, 10, 1, 10).ShareAt(5));
        Assert.Equal(0, new PruningTimeline(new Custom(_ => -7), 0, 10, 1, 10).ShareAt(5));
        var error = Assert.Throws<InvalidOperationException>(
            () => new PruningTimeline(new Custom(_ => double.NaN), 0, 10, 1, 10).ShareAt(5));
        Assert.Contains("step 5", error.Message, StringComparison.Ordinal);
    }

    private sealed class Custom(Func<double, double> share) : ISchedule
    {
        public double Share(double progress) => share(progress);
    }
}
