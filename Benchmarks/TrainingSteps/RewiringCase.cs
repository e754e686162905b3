using System.Diagnostics;
using KernelGen.Benchmarks.Timing;
using KernelGen.Pruning;
using KernelGen.Torch;
using static TorchSharp.torch;

namespace KernelGen.Benchmarks.TrainingSteps;

/// <summary>What changes of masks cost, one every <see cref="Every"/> steps, as a share of what so many steps take.</summary>
/// <param name="Set">Growth by chance.</param>
/// <param name="RigL">Growth by the dense gradient, which is computed for it.</param>
internal sealed record RewiringCase(RewiringCase.Cost Set, RewiringCase.Cost RigL)
{
    /// <summary>Steps from one change to the next.</summary>
    public const int Every = 100;

    // Changes before the compiler at run time has seen enough of them; of fewer in all, the last one counts. Seventy before the first round gave the same means.
    private const int Unwarmed = 3;

    public static RewiringCase Measure<TModel>(double sparsity, int batch, int rounds)
        where TModel : ISparseModel, new()
    {
        var masks = RandomMasks.Create(TModel.Descriptor, seed: 1, new UniformBudget(sparsity));
        using var still = new Contestant<TModel>(masks, batch, null);
        using var set = new Contestant<TModel>(masks, batch, Rewiring.Set(every: Every));
        using var rigL = new Contestant<TModel>(masks, batch, Rewiring.RigL(every: Every));
        var seconds = RoundRobin.Measure([still.Run, set.Run, rigL.Run], rounds);
        return new RewiringCase(Of(set, seconds[1]), Of(rigL, seconds[2]));

        Cost Of(Contestant<TModel> changing, double[] all)
            => new(changing.Changes.Skip(Math.Min(Unwarmed, changing.Changes.Count - 1)).Average() / RoundRobin.Median(seconds[0]), RoundRobin.Ratio(all, seconds[0]) - 1);
    }

    /// <param name="Change">The changes alone, timed in the course of training: their mean, since some bring a garbage collection.</param>
    /// <param name="WithSteps">The changes, and what the steps take longer on packs that were made quickly.</param>
    public readonly record struct Cost(double Change, double WithSteps);

    /// <summary>A model in training, and what changes its masks, if anything does.</summary>
    private sealed class Contestant<TModel> : IDisposable
        where TModel : ISparseModel, new()
    {
        private readonly TrainedModel _model;
        private readonly Rewirer? _rewirer;

        public Contestant(bool[][] masks, int batch, Rewiring? rewiring)
        {
            var module = SparseModule.For<TModel>(TrainingMode.Sparse, seed: 2, masks);
            var optimizer = new SparseAdam(module.parameters(), lr: 1e-5);
            _model = new TrainedModel(module, optimizer, batch);
            _rewirer = rewiring is null ? null : new Rewirer(module, optimizer, rewiring, totalSteps: int.MaxValue);
        }

        /// <summary>Seconds of each change.</summary>
        public List<double> Changes { get; } = [];

        public void Run()
        {
            for (var step = 0; step < Every; step++)
            {
                _model.Step();
                var start = Stopwatch.GetTimestamp();
                _rewirer?.Step();
                if (_rewirer is { Updated: true })
                {
                    Changes.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
                }
            }
        }

        public void Dispose() => _model.Dispose();
    }
}
