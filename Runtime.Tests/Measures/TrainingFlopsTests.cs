using KernelGen.Measures;
using KernelGen.Pruning;
using KernelGen.Runtime.Tests.Pruning;
using Xunit;

namespace KernelGen.Runtime.Tests.Measures;

public sealed class TrainingFlopsTests
{
    [Fact]
    public void The_formulas_at_hand_computed_numbers()
    {
        // f_S = 10, f_D = 100
        Assert.Equal(300, TrainingFlops.Dense(100));
        Assert.Equal(30, TrainingFlops.Static(10));
        Assert.Equal(120, TrainingFlops.Snfs(10, 100));
        Assert.Equal((30.0 * 100 + 20 + 100) / 101, TrainingFlops.RigL(10, 100, every: 100), 12);
        Assert.Equal(75, TrainingFlops.RigL(10, 100, every: 1));
        Assert.Equal(TrainingFlops.Dense(100), TrainingFlops.RigL(100, 100, every: 7), 12);
        Assert.Throws<ArgumentOutOfRangeException>(() => TrainingFlops.RigL(10, 100, every: 0));
    }

    [Fact]
    public void Gradual_pruning_is_the_mean_over_the_steps_at_the_sparsity_of_the_last_update()
    {
        // 4 x 5 weights, linear to 0.8 over steps 2 to 6, updates at 2, 4, 6: densities 1, 1, 1, 1, 0.6, 0.6, 0.2, 0.2, 0.2, 0.2.
        var settings = new PruneSettings(Criterion.Magnitude, Schedule.Linear, Begin: 0.2, End: 0.6, Every: 2);
        var model = Given.Model(settings, Given.Layer("Fc1", 4, 5, new UnstructuredPattern(0.8)));

        var flops = TrainingFlops.Gradual(model, PruningPlan.From(model, 10), totalSteps: 10);

        Assert.Equal(3 * 2 * 20 * 0.6, flops, 9);
    }

    [Fact]
    public void Layers_count_with_their_own_targets_and_dense_ones_in_full()
    {
        var settings = new PruneSettings(Criterion.Magnitude, Schedule.Constant);
        var model = Given.Model(
            settings,
            Given.Layer("Fc1", 10, 10, new UnstructuredPattern(0.9)),
            Given.Layer("Fc2", 10, 10, new NMPattern(1, 4)),
            Given.Layer("Fc3", 10, 10, new DensePattern()));

        Assert.Equal(3 * 2 * (10 + 25 + 100), TrainingFlops.Gradual(model, PruningPlan.From(model, 7), totalSteps: 7), 9);
    }

    [Fact]
    public void A_constant_mask_costs_what_static_training_does_and_one_shot_at_the_end_what_dense_does()
    {
        PruneSettings Settings(Schedule schedule, double begin) => new(Criterion.Magnitude, schedule, Begin: begin);
        double Flops(Schedule schedule, double begin)
        {
            var model = Given.LeNet(Settings(schedule, begin), new UnstructuredPattern(0.9));
            return TrainingFlops.Gradual(model, PruningPlan.From(model, 50), totalSteps: 50);
        }

        Assert.Equal(TrainingFlops.Static(0.1 * 2 * 266_200), Flops(Schedule.Constant, 0), 3);
        Assert.Equal(TrainingFlops.Dense(2 * 266_200), Flops(Schedule.OneShot, 1), 3);
        Assert.Equal(TrainingFlops.Dense(0.55 * 2 * 266_200), Flops(Schedule.OneShot, 0.5), 3);
    }
}
