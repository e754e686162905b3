using KernelGen.Generator.Tests.Support;

namespace KernelGen.Generator.Tests.Diagnostics;

/// <summary>Numbers that make no sense.</summary>
public sealed class ValueDiagnosticsTests
{
    [Theory]
    [InlineData("[Linear([|0|], 2)]", "Layer 'Fc': inFeatures must be at least 1, not 0")]
    [InlineData("[Linear(2, [|-3|])]", "Layer 'Fc': outFeatures must be at least 1, not -3")]
    [InlineData("[Linear(outFeatures: [|0|], inFeatures: 2)]", "Layer 'Fc': outFeatures must be at least 1, not 0")]
    [InlineData("[Linear(2, 2), NM([|0|], 4)]", "Layer 'Fc': N must be at least 1, not 0")]
    [InlineData("[Linear(2, 2), NM(2, [|0|])]", "Layer 'Fc': M must be at least 1, not 0")]
    [InlineData("[Linear(2, 2), Block([|0|], 4)]", "Layer 'Fc': rows of a block must be at least 1, not 0")]
    [InlineData("[Linear(2, 2), Block(2, columns: [|-4|])]", "Layer 'Fc': columns of a block must be at least 1, not -4")]
    public void A_size_below_one(string attributes, string message) => Expect.Problem(Model(attributes), "KG0016", message);

    [Fact]
    public void Shapes_that_do_not_chain() => Expect.Problem(
        """
        [SparseModel] internal partial class Mlp
        {
            [Linear(4, 3)] internal partial Linear Fc1 { get; }
            [Linear([|2|], 1)] internal partial Linear Fc2 { get; }
        }
        """,
        "KG0017",
        "Layer 'Fc2' takes 2 inputs, but layer 'Fc1' before it gives 3 outputs");

    [Fact]
    public void Shapes_are_not_compared_across_a_layer_that_has_an_error_of_its_own() => Expect.Problem(
        """
        [SparseModel] internal partial class Mlp
        {
            [Linear(4, 3)] internal partial Linear Fc1 { get; }
            [[|NM|](2, 4)] internal partial Linear Fc2 { get; }
            [Linear(2, 1)] internal partial Linear Fc3 { get; }
        }
        """,
        "KG0014",
        "[NM] on 'Fc2' has no effect, since the property isn't marked [Linear]");

    [Theory]
    [InlineData(65536, 32768, 2147483648)]
    [InlineData(8, 268435449, 2147483592)]
    public void A_layer_with_too_many_weights(int inputs, int outputs, long weights) => Expect.Problem(
        Model($"[[|Linear|]({inputs}, {outputs})]"),
        "KG0018",
        $"Layer 'Fc' has {outputs} x {inputs} = {weights} weights; at most {Array.MaxLength} are supported");

    [Fact]
    public void A_layer_with_as_many_weights_as_an_array_holds()
    {
        const int Inputs = 11;
        var outputs = Array.MaxLength / Inputs;
        Assert.Equal(Array.MaxLength, Inputs * outputs);
        Expect.Works(Model($"[Linear({Inputs}, {outputs})]"));
    }

    [Fact]
    public void N_above_M() => Expect.Problem(
        Model("[Linear(2, 2), NM([|5|], 4)]"),
        "KG0019",
        "Layer 'Fc' keeps 5 of every 4 weights; N can't be above M");

    [Theory]
    [InlineData("[Linear(2, 2), Unstructured(Sparsity = [|1.0|])]", "1")]
    [InlineData("[Linear(2, 2), Unstructured(Sparsity = [|-0.25|])]", "-0.25")]
    [InlineData("[Linear(2, 2), Unstructured(Sparsity = [|double.NaN|])]", "NaN")]
    [InlineData("[Linear(2, 2), Block(2, 4, Sparsity = [|double.PositiveInfinity|])]", "Infinity")]
    public void A_sparsity_out_of_range(string attributes, string shown) => Expect.Problem(
        Model(attributes), "KG0020", $"Sparsity {shown} of layer 'Fc' must be at least 0 and below 1");

    [Fact]
    public void An_undefined_activation() => Expect.Problem(
        Model("[Linear(2, 2, Activation = [|(Activation)99|])]"), "KG0021", "99 is no value of Activation");

    [Theory]
    [InlineData("[Prune([|(Criterion)77|], Schedule.Cubic)]", "77 is no value of Criterion")]
    [InlineData("[Prune(Criterion.Magnitude, [|(Schedule)(-1)|])]", "-1 is no value of Schedule")]
    [InlineData("[Prune(Criterion.Magnitude, Schedule.Cubic, Sparsity = 0.5, Budget = [|(Budget)4|])]", "4 is no value of Budget")]
    public void An_undefined_setting(string prune, string message) => Expect.Problem(
        $"{prune} {Model("[Linear(2, 2)]")}", "KG0021", message);

    [Theory]
    [InlineData("float.NaN", "NaN")]
    [InlineData("float.NegativeInfinity", "-Infinity")]
    public void A_slope_that_is_not_finite(string slope, string shown) => Expect.Problem(
        Model($"[Linear(2, 2, Activation = Activation.LeakyRelu, NegativeSlope = [|{slope}|])]"),
        "KG0022",
        $"NegativeSlope of layer 'Fc' must be a finite number, not {shown}");

    [Fact]
    public void A_slope_without_effect() => Expect.Problem(
        Model("[Linear(2, 2, Activation = Activation.Relu, NegativeSlope = [|0.2f|])]"),
        "KG0023",
        "NegativeSlope of layer 'Fc' has no effect with activation Relu; only LeakyRelu has a slope");

    [Fact]
    public void A_pragma_silences_a_warning()
    {
        var model = Model("[Linear(2, 2, Activation = Activation.Relu, NegativeSlope = 0.2f)]");
        Expect.Works($"\n#pragma warning disable KG0023\n{model}\n#pragma warning restore KG0023\n");
    }

    private static string Model(string attributes)
        => $"[SparseModel] internal partial class Mlp {{ {attributes} internal partial Linear Fc {{ get; }} }}";
}
