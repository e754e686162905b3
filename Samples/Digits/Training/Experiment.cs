using Digits.Data;
using KernelGen;
using KernelGen.Torch;

namespace Digits.Training;

/// <summary>Dense and sparse at equal epochs and tuning, then both on their emitted kernels.</summary>
internal static class Experiment
{
    public static SeedResult Run<TDense, TSparse>(ImageSet data, TrainingOptions options, string modelFile, string denseFile, Action<string, int> progress)
        where TDense : ISparseModel, new()
        where TSparse : ISparseModel, new()
    {
        var dense = TrainingRun.Train(
            SparseModule.For<TDense>(options.Seed), data, options, prune: false, epoch => progress("dense", epoch));
        var sparse = TrainingRun.Train(
            SparseModule.For<TSparse>(options.Seed), data, options, prune: true, epoch => progress("sparse", epoch));

        var denseModel = new TDense();
        dense.Module.CopyTo(denseModel);
        denseModel.Save(denseFile);

        // Through a file, as a deployed application would get it.
        var trained = new TSparse();
        sparse.Module.CopyTo(trained);
        trained.Save(modelFile);
        var sparseModel = new TSparse();
        sparseModel.Load(modelFile);

        return new SeedResult(Deployment.Of(dense, denseModel, data.Test), Deployment.Of(sparse, sparseModel, data.Test), modelFile);
    }
}

/// <summary>What one seed gave.</summary>
/// <param name="Dense">The baseline.</param>
/// <param name="Sparse">The pruned model, as loaded from the file.</param>
/// <param name="ModelFile">Where the pruned model was saved.</param>
internal sealed record SeedResult(Deployment Dense, Deployment Sparse, string ModelFile);
