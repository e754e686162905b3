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
    [InlineData(0, 0)]
    [InlineData(0.25, 0.14644660940672624)]
    [InlineData(0.5, 0.5)]
    [InlineData(0.75, 0.8535533905932738)]
    [InlineData(1, 1)]
    public void Cosine_is_slow_at_both_ends(double progress, double share)
        => Assert.Equal(share, new CosineSchedule().Share(progress), 15);

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0.25, 0.5)] // density 0.0625^(1/4) = 0.5
    [InlineData(0.5, 0.75)]
    [InlineData(0.75, 0.875)]
    [InlineData(1, 0.9375)]
    public void Exponential_halves_the_density_in_each_quarter_of_the_way_to_a_sixteenth(double progress, double sparsity)
        => Assert.Equal(sparsity, new ExponentialSchedule().Share(progress, 0.9375) * 0.9375, 15);

    [Fact]
    public void Exponential_prunes_a_fifth_of_what_is_left_in_each_round_of_a_lottery_ticket()
    {
        var (left, rounds) = (1.0, 11);
        var target = 1 - Math.Pow(0.8, rounds);
        for (var round = 0; round <= rounds; round++, left *= 0.8)
        {
            Assert.Equal(1 - left, new ExponentialSchedule().Share((double)round / rounds, target) * target, 12);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.3)]
    [InlineData(1)]
    public void Exponential_is_linear_in_the_limit_of_a_small_target(double progress)
    {
        Assert.Equal(progress, new ExponentialSchedule().Share(progress));
        Assert.Equal(progress, new ExponentialSchedule().Share(progress, 0));
        Assert.Equal(progress, new ExponentialSchedule().Share(progress, 1e-7), 6);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0.19, 0)]
    [InlineData(0.2, 1 / 3.0)]
    [InlineData(0.49, 1 / 3.0)]
    [InlineData(0.5, 2 / 3.0)]
    [InlineData(0.9, 1)]
    [InlineData(1, 1)]
    public void Multi_step_adds_the_same_share_at_each_step(double progress, double share)
        => Assert.Equal(share, new MultiStepSchedule([0.2, 0.5, 0.9]).Share(progress));

    [Theory]
    [InlineData(99, 0)]
    [InlineData(100, 1 / 3.0)]
    [InlineData(332, 1 / 3.0)]
    [InlineData(333, 2 / 3.0)]
    [InlineData(699, 2 / 3.0)]
    [InlineData(700, 1)]
    [InlineData(5000, 1)]
    public void Multi_step_settings_name_fractions_of_the_run(long step, double share)
        => Assert.Equal(share, MultiStep(0.1, 0.3333, 0.7).ShareAt(step));

    [Fact]
    public void Multi_step_updates_at_its_steps_alone()
    {
        Assert.Equal([100, 333, 700], Enumerable.Range(0, 2000).Where(step => MultiStep(0.1, 0.3333, 0.7).IsUpdateStep(step)));
        Assert.Equal([500], Enumerable.Range(0, 2000).Where(step => MultiStep(0.5).IsUpdateStep(step)));
        Assert.Equal(1, MultiStep(0.5).ShareAt(500));
        Assert.Equal(0, MultiStep(0.5).ShareAt(499));
    }

    [Fact]
    public void Every_multi_step_is_reached_exactly_where_it_stands() => ForAll.Seeds(300, random =>
    {
        var steps = Enumerable.Range(0, random.Next(1, 9)).Select(_ => random.NextInt64(0, 100_000)).Distinct().Order().ToArray();
        var timeline = PruningTimeline.AtSteps(steps);

        for (var i = 0; i < steps.Length; i++)
        {
            Assert.True(timeline.IsUpdateStep(steps[i]));
            Assert.Equal((double)i / steps.Length, timeline.ShareAt(steps[i] - 1));
            Assert.Equal((i + 1.0) / steps.Length, timeline.ShareAt(steps[i]));
        }
    });

    [Fact]
    public void Multi_steps_that_do_not_ascend_from_0_to_1_are_refused()
    {
        Assert.Throws<ArgumentException>(() => new MultiStepSchedule([]));
        Assert.Throws<ArgumentException>(() => new MultiStepSchedule([0.5, 0.4]));
        Assert.Throws<ArgumentException>(() => new MultiStepSchedule([-0.1]));
        Assert.Throws<ArgumentException>(() => new MultiStepSchedule([1.1]));
        Assert.Throws<ArgumentException>(() => new MultiStepSchedule([double.NaN]));
        Assert.Throws<ArgumentException>(() => PruningTimeline.AtSteps([]));
        Assert.Throws<ArgumentException>(() => PruningTimeline.AtSteps([-1, 2]));
        Assert.Throws<ArgumentException>(() => PruningTimeline.AtSteps([3, 2]));
        Assert.Contains("0.4 in place 1", Assert.Throws<ArgumentException>(() => MultiStep(0.5, 0.4)).Message, StringComparison.Ordinal);
        Assert.Contains("needs Steps", Assert.Throws<ArgumentException>(() => MultiStep()).Message, StringComparison.Ordinal);
    }

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
    [InlineData(Schedule.Cosine, 100, 0)]
    [InlineData(Schedule.Cosine, 400, 0.5)]
    [InlineData(Schedule.Cosine, 700, 1)]
    [InlineData(Schedule.Exponential, 100, 0)]
    [InlineData(Schedule.Exponential, 400, 0.8)] // (1 - sqrt(1 - 0.9375)) / 0.9375
    [InlineData(Schedule.Exponential, 700, 1)]
    [InlineData(Schedule.OneShot, 99, 0)]
    [InlineData(Schedule.OneShot, 100, 1)]
    [InlineData(Schedule.Constant, 0, 1)]
    [InlineData(Schedule.Constant, 1000, 1)]
    public void Settings_give_the_share_at_a_step(Schedule schedule, long step, double share)
    {
        var settings = new PruneSettings(Criterion.Magnitude, schedule, Begin: 0.1, End: 0.7, Every: 100);

        Assert.Equal(share, PruningTimeline.From(settings, totalSteps: 1000).ShareAt(step, 0.9375), 9);
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
            Criterion.Magnitude,
            (Schedule)random.Next(Enum.GetValues<Schedule>().Length),
            begin,
            begin + (random.NextDouble() * (1 - begin)),
            random.Next(1, 40),
            Steps: [begin / 2, begin]);
        var sparsity = random.NextDouble();
        var totalSteps = random.Next(1, 300);
        var timeline = PruningTimeline.From(settings, totalSteps);

        var shares = Enumerable.Range(0, totalSteps + 1).Select(step => timeline.ShareAt(step, sparsity)).ToArray();

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

    private static PruningTimeline MultiStep(params double[] steps)
        => PruningTimeline.From(new PruneSettings(Criterion.Magnitude, Schedule.MultiStep, Steps: steps), totalSteps: 1000);

    private sealed class Custom(Func<double, double> share) : ISchedule
    {
        public double Share(double progress) => share(progress);
    }
}
