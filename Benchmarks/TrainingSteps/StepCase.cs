using KernelGen.Benchmarks.Timing;
using KernelGen.Pruning;
using KernelGen.Torch;
using static TorchSharp.torch;

namespace KernelGen.Benchmarks.TrainingSteps;

/// <summary>Whole training steps of a model.</summary>
/// <param name="Milliseconds">Of one on the emitted kernels.</param>
/// <param name="OverMasked">How many times as fast it is as TorchSharp with dense, masked weights.</param>
/// <param name="OverIdeal">How many times as fast it is as a dense step's products by oneDNN alone.</param>
/// <param name="BytesOverDense">Bytes of values, indices, packed copies and Adam's state, of dense weights and their state.</param>
internal sealed record StepCase(double Milliseconds, double OverMasked, double OverIdeal, double BytesOverDense)
{
    // Loss of single precision in other orders of sums, over steps that build on each other.
    private const double Tolerance = 1e-3;
    private const int CheckedSteps = 5;

    /// <exception cref="InvalidOperationException">The two ways of training differ.</exception>
    public static StepCase Measure<TModel>(double sparsity, int batch, int rounds)
        where TModel : ISparseModel, new()
    {
        var masks = RandomMasks.Create(TModel.Descriptor, seed: 1, new UniformBudget(sparsity));
        using var sparse = Create<TModel>(TrainingMode.Sparse, masks, batch, out var module);
        using var exact = Create<TModel>(TrainingMode.Exact, masks, batch, out _);
        using var ideal = new IdealStep(TModel.Descriptor, batch);
        for (var step = 0; step < CheckedSteps; step++)
        {
            var (own, expected) = (sparse.Step(), exact.Step());
            if (!(Math.Abs(own - expected) <= Tolerance * expected))
            {
                throw new InvalidOperationException(FormattableString.Invariant($"In step {step} the loss is {own:R}, not {expected:R}, as with dense, masked weights."));
            }
        }

        var seconds = RoundRobin.Measure([() => sparse.Step(), () => exact.Step(), .. ideal.Actions], rounds);
        return new StepCase(
            1000 * RoundRobin.Median(seconds[0]), RoundRobin.Ratio(seconds[1], seconds[0]), RoundRobin.Ratio(IdealStep.Seconds(seconds[2..]), seconds[0]), MeasureBytes(module));
    }

    private static TrainedModel Create<TModel>(TrainingMode mode, bool[][] masks, int batch, out SparseModule module)
        where TModel : ISparseModel, new()
    {
        module = SparseModule.For<TModel>(mode, seed: 2, masks);
        // Slow enough that the loss goes down for as long as it is measured.
        return new TrainedModel(module, mode == TrainingMode.Sparse ? new SparseAdam(module.parameters(), lr: 1e-5) : optim.Adam(module.parameters(), lr: 1e-5), batch);
    }

    private static double MeasureBytes(SparseModule module)
    {
        // Of a weight and of a bias: itself, and two numbers of Adam's.
        const long Trained = 3 * sizeof(float);
        long own = 0, dense = 0;
        foreach (var layer in module.Layers)
        {
            var biases = layer.Layer.Bias ? layer.Layer.OutFeatures : 0;
            own += ((SparseLinear)layer).PackedBytes + (Trained * (layer.Weight.shape[0] + biases));
            dense += Trained * (layer.Layer.WeightCount + biases);
        }

        return (double)own / dense;
    }
}
