using KernelGen.Pruning;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace KernelGen.Torch.Tests.Training;

/// <summary>Fused steps against TorchSharp's own optimisers.</summary>
public sealed class OptimizerTests
{
    private static readonly Dictionary<string, (Func<IEnumerable<Parameter>, optim.Optimizer> Own, Func<IEnumerable<Parameter>, optim.Optimizer> Fused)> Pairs = new()
    {
        ["SGD"] = (p => optim.SGD(p, 0.1), p => new SparseSGD(p, 0.1)),
        ["SGD, momentum, dampening, decay"] = (p => optim.SGD(p, 0.1, 0.9, 0.3, 0.01), p => new SparseSGD(p, 0.1, 0.9, 0.3, 0.01)),
        ["SGD, Nesterov, decay"] = (p => optim.SGD(p, 0.1, 0.9, 0, 0.01, nesterov: true), p => new SparseSGD(p, 0.1, 0.9, 0, 0.01, nesterov: true)),
        ["SGD, uphill"] = (p => optim.SGD(p, 0.001, 0.9, maximize: true), p => new SparseSGD(p, 0.001, 0.9, maximize: true)),
        ["Adam"] = (p => optim.Adam(p, 0.01), p => new SparseAdam(p, 0.01)),
        ["Adam, decay"] = (p => optim.Adam(p, 0.01, 0.8, 0.9, 1e-6, 0.05), p => new SparseAdam(p, 0.01, 0.8, 0.9, 1e-6, 0.05)),
        ["Adam, AMSGrad"] = (p => optim.Adam(p, 0.01, amsgrad: true), p => new SparseAdam(p, 0.01, amsgrad: true)),
        ["Adam, uphill"] = (p => optim.Adam(p, 0.001, maximize: true), p => new SparseAdam(p, 0.001, maximize: true)),
        ["AdamW"] = (p => optim.AdamW(p, 0.01, weight_decay: 0.1), p => new SparseAdamW(p, 0.01, weight_decay: 0.1)),
    };

    public static TheoryData<string> Names => [.. Pairs.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_fused_step_does_what_TorchSharp_does(string name)
    {
        var masks = RandomMasks.Create(ManyPatterns.Descriptor, seed: 1);
        var (first, expected) = Train(Pairs[name].Own);
        var (begin, actual) = Train(Pairs[name].Fused);
        Assert.Equal(first, begin);
        Assert.NotEqual(first, expected);
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.True(Math.Abs(expected[i] - actual[i]) <= 1e-5 * Math.Max(0.1, Math.Abs(expected[i])), $"{name}: {i} is {actual[i]}, not {expected[i]}.");
        }

        (float[] Before, float[] After) Train(Func<IEnumerable<Parameter>, optim.Optimizer> create)
        {
            using var scope = NewDisposeScope();
            var module = SparseModule.For<ManyPatterns>(TrainingMode.Sparse, seed: 2, masks);
            using var optimizer = create(module.parameters());
            var before = All(module);
            var scheduler = optim.lr_scheduler.StepLR(optimizer, 5, 0.5);
            var task = new Regression(seed: 3);
            for (var step = 0; step < 12; step++)
            {
                task.Step(module, optimizer);
                scheduler.step();
            }

            return (before, All(module));
        }
    }

    [Fact]
    public void Groups_have_rates_of_their_own_and_states_survive_a_file()
    {
        using var scope = NewDisposeScope();
        var module = SparseModule.For<ManyPatterns>(TrainingMode.Sparse, seed: 2);
        using var optimizer = new SparseAdam([
            new Adam.ParamGroup { Parameters = module.Layers[0].parameters(), Options = new Adam.Options { LearningRate = 0 } },
            new Adam.ParamGroup { Parameters = module.Layers[1].parameters() }]);
        var (frozen, moved) = (Values.Of(module.Layers[0].Weight), Values.Of(module.Layers[1].Weight));
        var task = new Regression(seed: 3);
        task.Step(module, optimizer);
        Assert.Equal(frozen, Values.Of(module.Layers[0].Weight));
        Assert.NotEqual(moved, Values.Of(module.Layers[1].Weight));

        var memory = new MemoryStream();
        optimizer.save_state_dict(new BinaryWriter(memory));
        using var other = new SparseAdam([
            new Adam.ParamGroup { Parameters = module.Layers[0].parameters() }, new Adam.ParamGroup { Parameters = module.Layers[1].parameters() }]);
        memory.Position = 0;
        other.load_state_dict(new BinaryReader(memory));
        Assert.Equal(Values.Of(((Adam.State)optimizer.state_dict().State[2]).exp_avg_sq), Values.Of(((Adam.State)other.state_dict().State[2]).exp_avg_sq));
        Assert.Equal(0, ((Adam.Options)other.state_dict().Options[0]).LearningRate);
    }

    [Fact]
    public void Other_types_of_parameters_take_part()
    {
        using var scope = NewDisposeScope();
        var parameter = new Parameter(ones(3, dtype: ScalarType.Float64));
        using var optimizer = new SparseAdam([parameter], lr: 0.1);
        (parameter * 2).sum().backward();
        optimizer.step();
        Assert.All(parameter.data<double>().ToArray(), value => Assert.Equal(0.9, value, 1e-6));
        optimizer.zero_grad();
        Assert.Null(parameter.grad);
    }

    [Fact]
    public void A_failed_backward_pass_stops_the_step()
    {
        using var scope = NewDisposeScope();
        var module = SparseModule.For<ManyPatterns>(TrainingMode.Sparse, seed: 2);
        using var optimizer = new SparseAdam(module.parameters());
        var input = ones(2, 20);
        var early = module.call(input).sum();
        module.call(input).sum().backward();
        optimizer.step();
        var before = All(module);

        // The weights that it was computed with are gone, and torch knows.
        early.backward();

        Assert.Contains("backward pass failed", Assert.Throws<InvalidOperationException>(() => optimizer.step()).Message, StringComparison.Ordinal);
        Assert.Equal(before, All(module));
    }

    private static float[] All(SparseModule module) => [.. module.parameters().SelectMany(Values.Of)];
}
