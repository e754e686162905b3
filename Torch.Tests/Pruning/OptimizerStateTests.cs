using System.Reflection;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace KernelGen.Torch.Tests.Pruning;

public sealed class OptimizerStateTests
{
    public static TheoryData<string> EveryOptimizer => [.. Optimizers.Names];

    [Fact]
    public void No_optimiser_of_TorchSharp_is_forgotten()
    {
        var states = typeof(OptimizerHelper).Assembly.GetExportedTypes()
            .Where(type => type.IsSubclassOf(typeof(OptimizerState)))
            .Select(type => type.DeclaringType!.Name);

        Assert.Equal(Optimizers.Names.Order(StringComparer.Ordinal), states.Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(EveryOptimizer))]
    public void Every_tensor_of_a_state_is_reached(string name)
    {
        using var module = new SparseModule(Models.AllPatterns(), seed: 1);
        using var optimizer = Optimizers.Create(name, module);
        new Regression(seed: 2).Step(module, optimizer);

        var state = ((OptimizerHelper)optimizer).state_dict().State[0];
        var fields = state.GetType().GetFields(BindingFlags.Public | BindingFlags.Instance)
            .Where(field => field.FieldType == typeof(Tensor) && field.Name != "step_size")
            .Select(field => field.GetValue(state));

        Assert.Equal(fields.OfType<Tensor>(), OptimizerStates.Tensors(state));
    }

    [Theory]
    [MemberData(nameof(EveryOptimizer))]
    public void After_a_step_nothing_is_left_of_a_pruned_weight(string name)
    {
        using var module = new SparseModule(Models.AllPatterns(Schedule.OneShot), seed: 1);
        using var optimizer = Optimizers.Create(name, module);
        // The masks are due at step 2 of 20: by then the optimiser remembers gradients of every weight.
        var pruner = new Pruner(module, optimizer, totalSteps: 20);
        for (var step = 1; step <= 4; step++)
        {
            new Regression(step).Step(module, optimizer);
            pruner.Step();
        }

        var layer = module.Masked(0);
        var mask = Values.OfMask(layer.Mask!);
        var state = ((OptimizerHelper)optimizer).state_dict().State[0];
        float[][] all = [Values.Of(layer.Weight), .. OptimizerStates.Tensors(state).Select(Values.Of)];
        Assert.Equal(64, mask.Count(active => active));
        Assert.All(all, values => Assert.Equal(-1, values.Index().FirstOrDefault(x => x.Item != 0 && !mask[x.Index], (-1, 0)).Index));
        Assert.Contains(all[^1], value => value != 0);
    }

    [Fact]
    public void An_optimiser_whose_memory_is_out_of_reach_still_gets_its_weights_reset()
    {
        using var module = new SparseModule(Models.AllPatterns(Schedule.Constant), seed: 1);
        using var optimizer = optim.LBFGS(module.parameters(), lr: 0.1, max_iter: 3);
        var pruner = new Pruner(module, optimizer, totalSteps: 10);
        var input = Values.AsTensor(Values.Random(2, 16 * 20), 16, 20);
        for (var step = 0; step < 5; step++)
        {
            optimizer.step(() =>
            {
                optimizer.zero_grad();
                var loss = module.call(input).square().mean();
                loss.backward();
                return loss;
            });
            pruner.Step();
        }

        var mask = Values.OfMask(module.Masked(0).Mask!);
        var weights = Values.Of(module.Layers[0].Weight);
        Assert.Equal(64, mask.Count(active => active));
        Assert.Equal(-1, weights.Index().FirstOrDefault(x => x.Item != 0 && !mask[x.Index], (-1, 0)).Index);
    }
}
