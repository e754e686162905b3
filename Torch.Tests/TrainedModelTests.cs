using TorchSharp;
using static TorchSharp.torch;

namespace KernelGen.Torch.Tests;

public sealed class TrainedModelTests
{
    [Fact]
    public void A_pruned_model_computes_on_its_kernels_what_torch_does()
    {
        using var module = SparseModule.For<AnnotatedModel>(seed: 1);
        using var optimizer = optim.Adam(module.parameters(), lr: 0.01);
        var pruner = new Pruner(module, optimizer, totalSteps: 100);
        var task = new Regression(seed: 2);
        for (var step = 0; step < 100; step++)
        {
            task.Step(module, optimizer);
            pruner.Step();
        }

        var model = new AnnotatedModel();
        module.CopyTo(model);

        foreach (var batch in new[] { 1, 3, 100 })
        {
            var input = Values.Random(batch, batch * 20);
            var actual = new float[batch * 5];
            model.Forward(input, actual, batch);
            var expected = Values.Of(module.call(Values.AsTensor(input, batch, 20)));
            Assert.All(Enumerable.Range(0, actual.Length), i => Assert.Equal(expected[i], actual[i], 2e-5f));
        }

        Assert.Equal(64, module.Layers[0].ActiveCount);
        Assert.Equal(module.Layers.Select(layer => layer.ActiveCount), model.Layers.Select(layer => layer.Plan.Nonzeros));
    }

    [Fact]
    public void Training_inside_a_scope_neither_leaks_tensors_nor_loses_any()
    {
        using var module = SparseModule.For<AnnotatedModel>(seed: 1);
        using var optimizer = optim.SGD(module.parameters(), 0.1, momentum: 0.9);
        var pruner = new Pruner(module, optimizer, totalSteps: 60);
        var task = new Regression(seed: 2);
        var alive = 0L;
        for (var step = 1; step <= 60; step++)
        {
            using (NewDisposeScope())
            {
                task.Step(module, optimizer);
            }

            var before = Tensor.TotalCount;
            pruner.Step();
            using (module.call(zeros(1, 20)))
            {
                alive = Tensor.TotalCount - before;
            }
        }

        // The input and the output.
        Assert.Equal(2, alive);
        Assert.Equal(64, module.Layers[0].ActiveCount);
    }
}
