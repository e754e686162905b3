using KernelGen.Dispatch;
using Xunit;

namespace KernelGen.Runtime.Tests;

public sealed class ForwardArgumentTests
{
    [Fact]
    public void A_layer_without_weights_is_named()
    {
        var network = FakeNetwork.Create();
        var random = new Random(1);
        FakeNetwork.SetRandomWeights(network.Layers[0], random);
        FakeNetwork.SetRandomWeights(network.Layers[2], random);
        FakeNetwork.SetRandomWeights(network.Layers[3], random);

        var error = Assert.Throws<InvalidOperationException>(() => network.Forward(new float[21], new float[5], 1));

        Assert.Equal("Layer 'Fc2\' has no weights yet: call its SetWeights, or the model's Load.", error.Message);
        FakeNetwork.SetRandomWeights(network.Layers[1], random);
        network.Forward(new float[21], new float[5], 1);
    }

    [Fact]
    public void An_empty_batch_does_nothing()
    {
        FakeNetwork.Create().Forward([], [], 0);
        FakeNetwork.Create().Forward([], [], 0, Layout.FeatureMajor);
    }

    [Theory]
    [InlineData(3, 62, 15, "input", "A batch of 3 with 21 inputs each takes 63 floats, not 62.")]
    [InlineData(3, 64, 15, "input", "A batch of 3 with 21 inputs each takes 63 floats, not 64.")]
    [InlineData(3, 63, 14, "output", "A batch of 3 with 5 outputs each takes 15 floats, not 14.")]
    [InlineData(0, 21, 0, "input", "A batch of 0 with 21 inputs each takes 0 floats, not 21.")]
    [InlineData(int.MaxValue, 21, 5, "input", "A batch of 2147483647 with 21 inputs each takes 45097156587 floats, not 21.")]
    public void Lengths_must_fit(int batch, int input, int output, string parameter, string message)
    {
        var error = Assert.Throws<ArgumentException>(parameter, () => FakeNetwork.Create().Forward(new float[input], new float[output], batch));

        Assert.StartsWith(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_negative_batch_or_an_unknown_layout_is_out_of_range()
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>("batch", () => FakeNetwork.Create().Forward([], [], -1));
        Assert.StartsWith("A batch has 0 samples or more, not -1.", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>("layout", () => FakeNetwork.Create().Forward([], [], 0, (Layout)2));
    }

    [Theory]
    [InlineData(0, 20)]
    [InlineData(4, 0)]
    [InlineData(0, 0)]
    public void Overlap_is_refused(int input, int output)
    {
        var network = FakeNetwork.Create();
        foreach (var layer in network.Layers)
        {
            FakeNetwork.SetRandomWeights(layer, new Random(1));
        }

        var memory = new float[60];

        Assert.Throws<ArgumentException>(
            nameof(output), () => network.Forward(memory.AsSpan(input, 21), memory.AsSpan(output, 5), 1));
        Assert.All(memory, value => Assert.Equal(0, value));
    }

    [Fact]
    public void Neighbours_do_not_overlap()
    {
        var network = FakeNetwork.Create();
        foreach (var layer in network.Layers)
        {
            FakeNetwork.SetRandomWeights(layer, new Random(1));
        }

        var memory = new float[26];

        network.Forward(memory.AsSpan(0, 21), memory.AsSpan(21, 5), 1);
        network.Forward(memory.AsSpan(5, 21), memory.AsSpan(0, 5), 1);
    }

    [Fact]
    public void Layers_must_chain()
    {
        var error = Assert.Throws<ArgumentException>(
            () => FakeNetwork.Of([FakeNetwork.Dense<Shape21To13>("Fc1"), FakeNetwork.Dense<Shape10To7>("Fc2")], []));

        Assert.StartsWith("Layer 'Fc2\' takes 10 features, but 'Fc1' gives 13.", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => FakeNetwork.Of([], []));
    }

    [Fact]
    public void Missing_transposes_are_a_clear_error()
    {
        var layer = FakeNetwork.Dense<Shape7To5>("Fc1");
        FakeNetwork.SetRandomWeights(layer, new Random(1));
        var network = FakeNetwork.Of([layer], []);

        var error = Assert.Throws<InvalidOperationException>(() => network.Forward(new float[700], new float[500], 100));

        Assert.Contains("no transposes for", error.Message, StringComparison.Ordinal);
        network.Forward(new float[700], new float[500], 100, Layout.FeatureMajor);
    }
}
