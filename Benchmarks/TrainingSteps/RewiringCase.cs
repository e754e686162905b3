using KernelGen.Benchmarks.Timing;
using KernelGen.Pruning;
using KernelGen.Torch;
using static TorchSharp.torch;

namespace KernelGen.Benchmarks.TrainingSteps;

/// <summary>What changes of masks cost, one every <see cref="Every"/> steps: the change, and steps on packs that were made quickly; of steps without any.</summary>
/// <param name="Set">Growth by chance.</param>
/// <param name="RigL">Growth by the dense gradient, which is computed for it.</param>
internal sealed record RewiringCase(double Set, double RigL)
{
    /// <summary>Steps from one change to the next.</summary>
    public const int Every = 100;

    public static RewiringCase Measure<TModel>(double sparsity, int batch, int rounds)
        where TModel : ISparseModel, new()
    {
        var masks = RandomMasks.Create(TModel.Descriptor, seed: 1, new UniformBudget(sparsity));
        using var still = Create<TModel>(masks, batch, null);
        using var set = Create<TModel>(masks, batch, Rewiring.Set(every: Every));
        using var rigL = Create<TModel>(masks, batch, Rewiring.RigL(every: Every));
        var seconds = RoundRobin.Measure([.. new[] { still, set, rigL }.Select(model => (Action)(() => Steps(model)))], rounds);
        return new RewiringCase(RoundRobin.Ratio(seconds[1], seconds[0]) - 1, RoundRobin.Ratio(seconds[2], seconds[0]) - 1);
    }

    private static TrainedModel Create<TModel>(bool[][] masks, int batch, Rewiring? rewiring)
        where TModel : ISparseModel, new()
    {
        var module = SparseModule.For<TModel>(TrainingMode.Sparse, seed: 2, masks);
        var optimizer = new SparseAdam(module.parameters(), lr: 1e-5);
        return new TrainedModel(module, optimizer, batch, rewiring is null ? null : new Rewirer(module, optimizer, rewiring, totalSteps: int.MaxValue));
    }

    private static void Steps(TrainedModel model)
    {
        for (var step = 0; step < Every; step++)
        {
            model.Step();
        }
    }
}
