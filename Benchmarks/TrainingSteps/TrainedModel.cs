using KernelGen.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace KernelGen.Benchmarks.TrainingSteps;

/// <summary>A module, its optimiser and a batch: whole steps of training, over and over the same batch.</summary>
/// <param name="module">The module.</param>
/// <param name="optimizer">Its optimiser.</param>
/// <param name="batch">Samples.</param>
internal sealed class TrainedModel(SparseModule module, optim.Optimizer optimizer, int batch) : IDisposable
{
    private readonly Tensor _x = rand(batch, module.Model.InFeatures, generator: new Generator(3));
    private readonly Tensor _labels = randint(module.Model.OutFeatures, batch, generator: new Generator(4));

    /// <summary>Forward pass, loss, backward pass, optimiser; the loss before the step.</summary>
    public float Step()
    {
        using var scope = NewDisposeScope();
        optimizer.zero_grad();
        var loss = nn.functional.cross_entropy(module.call(_x), _labels);
        loss.backward();
        optimizer.step();
        return loss.item<float>();
    }

    public void Dispose()
    {
        _x.Dispose();
        _labels.Dispose();
        optimizer.Dispose();
        module.Dispose();
    }
}
