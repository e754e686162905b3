using KernelGen;
using KernelGen.Torch;
using TorchSharp;

LibTorch.EnsureLoadable();
const int Batch = 16;
const int Steps = 40;
using var module = SparseModule.For<Consumer.Mlp>(seed: 1);
using var optimizer = torch.optim.Adam(module.parameters());
using var pruner = new Pruner(module, optimizer, Steps);
using var input = torch.rand(Batch, 32);
using var target = torch.rand(Batch, 4);
for (var step = 0; step < Steps; step++)
{
    optimizer.zero_grad();
    using var loss = torch.nn.functional.mse_loss(module.call(input), target);
    loss.backward();
    optimizer.step();
    pruner.Step();
}

var model = new Consumer.Mlp();
module.CopyTo(model);
var actual = new float[Batch * 4];
model.Forward(input.data<float>().ToArray(), actual, Batch);
var expected = module.call(input).data<float>().ToArray();
var difference = actual.Zip(expected, (a, e) => Math.Abs(a - e)).Max();
var nonzeros = model.Fc1.Plan.Nonzeros;
Console.WriteLine(difference < 1e-4 && nonzeros == 256 ? "agrees" : $"differs by {difference}, {nonzeros} nonzeros");

namespace Consumer
{
    [SparseModel]
    [Prune(Criterion.Magnitude, Schedule.Cubic, Begin = 0.1, End = 0.7, Every = 4)]
    public sealed partial class Mlp
    {
        [Linear(32, 32, Activation = Activation.Relu), Unstructured(Sparsity = 0.75)]
        public partial Linear Fc1 { get; }

        [Linear(32, 4), NM(2, 4)]
        public partial Linear Fc2 { get; }
    }
}
