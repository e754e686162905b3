using TorchSharp;
using static TorchSharp.torch;

namespace KernelGen.Torch.Tests;

/// <summary>A small task: imitate a random function of 20 inputs and 5 outputs.</summary>
internal sealed class Regression
{
    private readonly Tensor _input;
    private readonly Tensor _target;

    public Regression(int seed)
    {
        _input = Values.AsTensor(Values.Random(seed, 64 * 20), 64, 20);
        using var teacher = Values.AsTensor(Values.Random(1000, 20 * 5), 20, 5);
        _target = _input.matmul(teacher).sin();
    }

    /// <summary>A step of training.</summary>
    public void Step(SparseModule module, optim.Optimizer optimizer, Func<Tensor>? penalty = null)
    {
        using var scope = NewDisposeScope();
        optimizer.zero_grad();
        var loss = nn.functional.mse_loss(module.call(_input), _target);
        loss = penalty is null ? loss : loss + penalty();
        loss.backward();
        optimizer.step()?.Dispose();
    }

    public float Loss(SparseModule module)
    {
        using var loss = nn.functional.mse_loss(module.call(_input), _target);
        return loss.item<float>();
    }
}
