using KernelGen.Pruning;
using TorchSharp;
using static TorchSharp.torch;

namespace KernelGen.Torch.Tests.Training;

/// <summary>Sparse layers within ordinary TorchSharp code, and what they say of bad input.</summary>
public sealed class SparseLinearTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly bool[][] _masks = RandomMasks.Create(ManyPatterns.Descriptor, seed: 1);
    private readonly SparseModule _module;
    private readonly SparseModule _exact;
    private readonly Tensor _input = Values.AsTensor(Values.Random(2, 16 * 20), 16, 20);

    public SparseLinearTests()
    {
        _module = SparseModule.For<ManyPatterns>(TrainingMode.Sparse, seed: 1, _masks);
        _exact = SparseModule.For<ManyPatterns>(TrainingMode.Exact, seed: 1, _masks);
    }

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void Input_that_is_no_batch_of_floats_on_the_processor_is_named()
    {
        var shape = Assert.Throws<ArgumentException>(() => _module.call(zeros(4, 21)));
        Assert.Contains("Fc1", shape.Message, StringComparison.Ordinal);
        Assert.Contains("[..., 20]", shape.Message, StringComparison.Ordinal);
        Assert.Contains("Float64", Assert.Throws<ArgumentException>(() => _module.call(zeros(4, 20, dtype: ScalarType.Float64))).Message, StringComparison.Ordinal);
        Assert.Contains("META", Assert.Throws<ArgumentException>(() => _module.call(zeros(4, 20, device: META))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Input_may_lie_in_memory_as_it_likes_and_have_any_number_of_dimensions()
    {
        var expected = Values.Of(_module.call(_input));
        using var turned = _input.t().contiguous().t();
        Assert.False(turned.is_contiguous());
        Assert.Equal(expected, Values.Of(_module.call(turned)));
        Assert.Equal(expected, Values.Of(_module.call(_input.reshape(2, 8, 20))));
        Assert.Equal([2, 8, 5], _module.call(_input.reshape(2, 8, 20)).shape);
        Assert.Equal([5], _module.call(zeros(20)).shape);
        Assert.Equal([0, 5], _module.call(zeros(0, 20)).shape);
    }

    [Fact]
    public void The_plan_tells_what_a_layer_runs()
    {
        var first = (SparseLinear)_module.Layers[0];
        var second = (SparseLinear)_module.Layers[1];
        Assert.Equal(("Fc2", second.ActiveCount, second.Layer.WeightCount), (second.Plan.Layer, second.Plan.Nonzeros, second.Plan.Weights));
        Assert.Contains("input gradient: not needed so far", second.Plan.ToString(), StringComparison.Ordinal);
        _module.call(_input).sum().backward();
        Assert.Null(first.Plan.InputGradient);
        Assert.Matches("\n  forward: .*\n  input gradient: .*kernel's time: runs (sparse|dense)\n  weight gradient: SampledCsr", second.Plan.ToString());
    }

    [Fact]
    public void A_detached_input_gets_no_gradient_and_without_gradients_nothing_is_kept()
    {
        _module.call(_input.detach()).sum().backward();
        Assert.Null(_input.grad);
        Assert.NotNull(_module.Layers[0].Weight.grad);
        using (no_grad())
        {
            Assert.False(_module.call(_input).requires_grad);
        }
    }

    [Fact]
    public void A_frozen_parameter_gets_no_gradient()
    {
        _module.Layers[1].Weight.requires_grad = false;
        _module.call(_input).sum().backward();
        Assert.Null(_module.Layers[1].Weight.grad);
        Assert.NotNull(_module.Layers[0].Weight.grad);
        Assert.NotNull(_module.Layers[1].Bias!.grad);
    }

    [Fact]
    public void Gradients_of_several_backward_passes_add_up()
    {
        var output = _module.call(_input).sum();
        output.backward(retain_graph: true);
        var once = Values.Of(_module.Layers[0].Weight.grad!);
        output.backward();
        Assert.Equal(once.Select(value => 2 * value), Values.Of(_module.Layers[0].Weight.grad!));
    }

    [Fact]
    public void Weights_that_change_before_their_backward_pass_are_an_error_of_the_next_forward_pass_and_the_process_lives()
    {
        var loss = _module.call(_input).sum();
        using (no_grad())
        {
            _module.Layers[0].Weight.mul_(2);
        }

        loss.backward();

        Assert.Null(_module.Layers[0].Weight.grad);
        Assert.NotNull(_module.Layers[1].Weight.grad);
        var error = Assert.Throws<InvalidOperationException>(() => _module.call(_input));
        Assert.Contains("'Fc1': its last backward pass failed", error.Message, StringComparison.Ordinal);
        Assert.Contains("inplace operation", error.Message, StringComparison.Ordinal);
        // Told once.
        _module.call(_input).sum().backward();
        Assert.NotNull(_module.Layers[0].Weight.grad);
    }

    [Fact]
    public void A_mask_that_changes_before_its_backward_pass_is_an_error_of_the_next_forward_pass_and_the_process_lives()
    {
        using var optimizer = new SparseSGD(_module.parameters(), 0.1);
        var rewirer = new Rewirer(_module, optimizer, Rewiring.Set(share: 0.3, every: 1), totalSteps: 100, seed: 1);
        var losses = Enumerable.Range(0, 3).Select(_ =>
        {
            var loss = _module.call(_input).sum();
            rewirer.Step();
            return loss;
        }).ToList();

        losses.ForEach(loss => loss.backward());

        Assert.Null(_module.Layers[0].Weight.grad);
        Assert.Contains("inplace operation", Assert.Throws<InvalidOperationException>(() => _module.call(_input)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_mask_that_changes_before_its_backward_pass_is_an_error_of_weights_that_are_not_trained_too()
    {
        using var optimizer = new SparseSGD(_module.parameters(), 0.1);
        var rewirer = new Rewirer(_module, optimizer, Rewiring.Set(share: 0.3, every: 1), totalSteps: 100, seed: 1);
        _module.Layers[0].Weight.requires_grad = false;
        var input = _input.clone().requires_grad_();
        var loss = _module.call(input).sum();
        rewirer.Step();

        loss.backward();

        Assert.Null(input.grad);
        Assert.Contains("inplace operation", Assert.Throws<InvalidOperationException>(() => _module.call(_input)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_result_that_is_overwritten_is_an_error_where_the_slope_needs_it()
    {
        var first = _module.Layers[0];
        var result = first.call(_input);
        result.add_(1).sum().backward();
        Assert.Contains("inplace", Assert.Throws<InvalidOperationException>(() => first.call(_input)).Message, StringComparison.Ordinal);

        var last = _module.Layers[4];
        last.call(ones(3, 24)).add_(1).sum().backward();
        Assert.NotNull(last.Weight.grad);
    }

    [Fact]
    public void Layers_go_with_ordinary_ones_and_dropout_between_them()
    {
        var expected = Run(_exact);
        Assert.Equal(expected.Length, Run(_module).Length);
        Assert.All(expected.Zip(Run(_module)), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));

        float[] Run(SparseModule module)
        {
            manual_seed(3);
            var (before, dropout, between, after) = (nn.Linear(12, 20), nn.Dropout(0.3), nn.LayerNorm(37), nn.Linear(37, 2));
            var x = module.Layers[0].call(before.call(Values.AsTensor(Values.Random(4, 8 * 12), 8, 12)));
            // Feature-major, unless the mode is exact: what is elementwise leaves it at that.
            var mask = (rand(8, 37) > 0.3).to(ScalarType.Float32);
            x = after.call(between.call(x * mask)) + (0 * dropout.call(x).sum());
            nn.functional.cross_entropy(x, zeros(8, dtype: ScalarType.Int64)).backward();
            nn.utils.clip_grad_norm_(module.Layers[0].parameters(), 0.01);
            return [.. Values.Of(before.weight!.grad!), .. Values.Of(after.weight!.grad!), Values.Of(module.Layers[0].Bias!.grad!)[0]];
        }
    }

    [Fact]
    public void Between_sparse_layers_nothing_is_transposed()
    {
        var y = nn.functional.dropout(_module.Layers[0].call(_input), 0.5, training: true);
        Assert.Equal([1L, 16L], new[] { y.stride(0), y.stride(1) });
        Assert.True(y.t().is_contiguous());
    }

    [Fact]
    public void A_move_to_another_type_or_device_says_what_to_do()
    {
        _module.to(ScalarType.Float32);
        _module.cpu();
        Assert.Contains("TrainingMode.Exact", Assert.Throws<InvalidOperationException>(() => _module.to(ScalarType.Float64)).Message, StringComparison.Ordinal);
        Assert.Contains("TrainingMode.Exact", Assert.Throws<InvalidOperationException>(() => _module.to(DeviceType.META)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_without_kernels_of_gradients_says_what_to_do()
        => Assert.Contains(
            "[SparseModel(Training = true)]", Assert.Throws<InvalidOperationException>(() => SparseModule.For<AnnotatedModel>(TrainingMode.Sparse)).Message, StringComparison.Ordinal);

    [Fact]
    public void Masks_that_do_not_fit_are_refused()
    {
        Assert.Throws<ArgumentException>(() => SparseModule.For<ManyPatterns>(TrainingMode.Sparse, 1, _masks[..2]));
        bool[][] full = [.. _masks.Select(mask => mask.Select(_ => true).ToArray())];
        Assert.Contains("Fc2", Assert.Throws<ArgumentException>(() => SparseModule.For<ManyPatterns>(TrainingMode.Exact, 1, full)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_state_has_the_documented_names_and_brings_masks_along()
    {
        var state = _module.state_dict();
        string[] names = [.. Enumerable.Range(1, 5).SelectMany(i => new[] { $"Fc{i}.values", $"Fc{i}.bias", $"Fc{i}.mask" }).Where(name => name != "Fc3.bias")];
        Assert.Equal(names.Order(), state.Keys.Order());
        Assert.Equal([_masks[0].Count(x => x)], state["Fc1.values"].shape);
        Assert.Equal([37, 3], state["Fc1.mask"].shape);

        using var other = SparseModule.For<ManyPatterns>(TrainingMode.Sparse, seed: 2, RandomMasks.Create(ManyPatterns.Descriptor, seed: 7));
        _ = other.call(_input);
        other.load_state_dict(state);
        Assert.Equal(Values.Of(_module.call(_input)), Values.Of(other.call(_input)));
        Assert.Equal(_masks[2], other.Layers[2].ReadMask());

        using var stream = new MemoryStream();
        _module.save(stream);
        using var parent = nn.Sequential(("model", SparseModule.For<ManyPatterns>(TrainingMode.Sparse, seed: 3, RandomMasks.Create(ManyPatterns.Descriptor, seed: 8))));
        parent.load_state_dict(state.ToDictionary(pair => "model." + pair.Key, pair => pair.Value));
        Assert.Equal(Values.Of(_module.call(_input)), Values.Of(parent.call(_input)));
    }

    [Fact]
    public void A_loaded_mask_that_breaks_blocks_is_an_error_until_it_is_right()
    {
        var expected = Values.Of(_module.call(_input));
        var bits = _module.state_dict()["Fc3.mask"];
        bits.bitwise_xor_(ones_like(bits));
        Assert.Contains("'Fc3'", Assert.Throws<InvalidOperationException>(() => _module.call(_input)).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => _module.call(_input));
        bits.bitwise_xor_(ones_like(bits));
        Assert.Equal(expected, Values.Of(_module.call(_input)));
    }

    [Fact]
    public void A_mask_that_is_written_after_a_forward_pass_is_followed()
    {
        var bits = _module.state_dict()["Fc1.mask"];
        _ = _module.call(_input);
        var other = RandomMasks.Create(ManyPatterns.Descriptor, seed: 2);
        var module = SparseModule.For<ManyPatterns>(TrainingMode.Sparse, seed: 1, other);
        bits.copy_(module.state_dict()["Fc1.mask"]);
        _ = _module.call(_input);
        Assert.Equal(other[0], _module.Layers[0].ReadMask());
    }

    [Fact]
    public void Weights_from_a_model_leave_no_gradient_of_the_former_mask()
    {
        var model = new ManyPatterns();
        SparseModule.For<ManyPatterns>(TrainingMode.Exact, seed: 3, RandomMasks.Create(ManyPatterns.Descriptor, seed: 3)).CopyTo(model);
        _module.call(_input).sum().backward();
        Assert.NotNull(_module.Layers[0].Weight.grad);
        _module.CopyFrom(model);
        Assert.Null(_module.Layers[0].Weight.grad);
    }

    [Fact]
    public void A_model_with_more_weights_than_there_is_room_for_changes_nothing()
    {
        // The last layer with a pattern has too many; those before it fit.
        var masks = RandomMasks.Create(ManyPatterns.Descriptor, seed: 3);
        Array.Fill(masks[3], true);
        var model = new ManyPatterns();
        SparseModule.For<ManyPatterns>(TrainingMode.Exact, seed: 3, masks).CopyTo(model);
        var before = Values.Of(_module.call(_input));
        Assert.Contains("'Fc4'", Assert.Throws<InvalidOperationException>(() => _module.CopyFrom(model)).Message, StringComparison.Ordinal);
        Assert.Equal(before, Values.Of(_module.call(_input)));
    }

    [Fact]
    public void A_loaded_mask_with_a_bit_behind_the_last_column_is_an_error()
    {
        // 20 columns: the third byte of a row has four bits for nobody.
        var bits = _module.state_dict()["Fc1.mask"];
        using var last = bits[0, 2];
        last.bitwise_or_(tensor((byte)0x80));
        var message = Assert.Throws<InvalidOperationException>(() => _module.call(_input)).Message;
        Assert.Contains("'Fc1'", message, StringComparison.Ordinal);
        Assert.Contains("column 23", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Models_come_and_go()
    {
        var model = new ManyPatterns();
        _module.CopyTo(model);
        var weights = new float[37 * 20];
        model.Fc1.GetWeights(weights);
        Assert.Equal(_exact.Layers[0].ReadWeights(), weights);
        var mask = new bool[weights.Length];
        model.Fc1.GetMask(mask);
        Assert.Equal(_masks[0], mask);

        using var other = SparseModule.For<ManyPatterns>(TrainingMode.Sparse, seed: 9);
        other.CopyFrom(model);
        Assert.Equal(Values.Of(_module.call(_input)), Values.Of(other.call(_input)));

        using var small = SparseModule.For<ManyPatterns>(TrainingMode.Sparse, seed: 9, _masks);
        var before = Values.Of(small.call(_input));
        using var dense = SparseModule.For<ManyPatterns>(TrainingMode.Exact, seed: 9);
        var half = new ManyPatterns();
        half.Fc1.SetWeights(Values.Random(1, 37 * 20), new float[37]);
        half.Fc2.SetWeights(new float[32 * 37], new float[32]);
        half.Fc3.SetWeights(new float[33 * 32], []);
        half.Fc4.SetWeights(new float[24 * 33], new float[24]);
        half.Fc5.SetWeights(new float[5 * 24], new float[5]);
        Assert.Contains("'Fc1' has room", Assert.Throws<InvalidOperationException>(() => small.CopyFrom(half)).Message, StringComparison.Ordinal);
        Assert.Equal(before, Values.Of(small.call(_input)));
    }

    [Fact]
    public void An_epoch_in_scopes_leaves_no_tensors()
    {
        using var optimizer = optim.Adam(_module.parameters());
        Step();
        Step();
        // What other tests left to the collector would go at any time.
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var before = Tensor.TotalCount;
        for (var i = 0; i < 5; i++)
        {
            Step();
        }

        Assert.Equal(before, Tensor.TotalCount);

        void Step()
        {
            using var scope = NewDisposeScope();
            optimizer.zero_grad();
            _module.call(_input).square().mean().backward();
            optimizer.step();
        }
    }
}
