using Digits.Data;
using KernelGen;
using KernelGen.Torch;

namespace Digits.Training;

/// <summary>Dense and sparse at equal epochs and tuning, then the sparse one on its emitted kernels.</summary>
internal static class Experiment
{
    public static SeedResult<TModel> Run<TModel>(ImageSet data, TrainingOptions options, string modelFile, Action<string, int> progress)
        where TModel : ISparseModel, new()
    {
        var dense = TrainingRun.Train(
            SparseModule.For<TModel>(options.Seed), data, options, prune: false, epoch => progress("dense", epoch));
        var sparse = TrainingRun.Train(
            SparseModule.For<TModel>(options.Seed), data, options, prune: true, epoch => progress("sparse", epoch));

        // Through a file, as a deployed application would get it.
        var trained = new TModel();
        sparse.Module.CopyTo(trained);
        trained.Save(modelFile);
        var model = new TModel();
        model.Load(modelFile);

        var logits = Evaluation.Logits(model, data.Test);
        var difference = Evaluation.LargestDifference(logits, Evaluation.Logits(sparse.Module, data.Test));
        return new SeedResult<TModel>(
            options.Seed, dense, sparse, model, Evaluation.Accuracy(logits, data.Test), difference, modelFile);
    }
}

/// <summary>What one seed gave.</summary>
/// <param name="Seed">The seed of weights and batches.</param>
/// <param name="Dense">The baseline.</param>
/// <param name="Sparse">The pruned module.</param>
/// <param name="Model">The pruned model on its emitted kernels, as loaded from the file.</param>
/// <param name="EmittedAccuracy">Its test accuracy.</param>
/// <param name="LogitDifference">The largest difference to TorchSharp's logits over the test set.</param>
/// <param name="ModelFile">Where the pruned model was saved.</param>
internal sealed record SeedResult<TModel>(
    int Seed,
    TrainedModule Dense,
    TrainedModule Sparse,
    TModel Model,
    double EmittedAccuracy,
    double LogitDifference,
    string ModelFile);
