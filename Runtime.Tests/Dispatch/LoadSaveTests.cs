using KernelGen.Dispatch;
using Xunit;

namespace KernelGen.Runtime.Tests;

public sealed class LoadSaveTests
{
    [Fact]
    public void A_saved_model_loads_exactly()
    {
        var source = FakeNetwork.Create();
        var weights = source.Layers.Select(layer => FakeNetwork.SetRandomWeights(layer, new Random(1))).ToArray();
        var path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.safetensors");
        var loaded = FakeNetwork.Create();
        try
        {
            source.Save(path);
            loaded.Load(path);
        }
        finally
        {
            File.Delete(path);
        }

        AssertHolds(loaded, weights);
    }

    [Fact]
    public void Names_in_the_file_are_mapped()
    {
        var source = FakeNetwork.Create();
        var weights = source.Layers.Select(layer => FakeNetwork.SetRandomWeights(layer, new Random(1))).ToArray();
        using var stream = new MemoryStream();
        source.Save(stream);
        var bytes = stream.ToArray();
        var at = bytes.AsSpan().IndexOf("Fc4.bias"u8);
        "f"u8.CopyTo(bytes.AsSpan(at));
        var loaded = FakeNetwork.Create();

        loaded.Load(new MemoryStream(bytes), new Dictionary<string, string> { ["fc4.bias"] = "Fc4.bias" });

        AssertHolds(loaded, weights);
    }

    [Fact]
    public void A_layer_without_weights_is_named_and_no_file_appears()
    {
        var network = FakeNetwork.Create();
        FakeNetwork.SetRandomWeights(network.Layers[0], new Random(1));
        var path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.safetensors");

        var error = Assert.Throws<InvalidOperationException>(() => network.Save(path));

        Assert.Contains("Layer 'Fc2\' has no weights yet", error.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(path));
    }

    [Fact]
    public void A_file_that_breaks_a_pattern_leaves_every_layer_as_it_was()
    {
        var network = FakeNetwork.Create();
        var weights = network.Layers.Select(layer => FakeNetwork.SetRandomWeights(layer, new Random(1))).ToArray();
        var other = FakeNetwork.Of(
            [
                FakeNetwork.Unstructured<Shape21To13>("Fc1"), FakeNetwork.Unstructured<Shape13To10>("Fc2", bias: false),
                FakeNetwork.Unstructured<Shape10To7>("Fc3"), FakeNetwork.Dense<Shape7To5>("Fc4"),
            ],
            []);
        foreach (var layer in other.Layers)
        {
            FakeNetwork.SetRandomWeights(layer, new Random(2));
        }

        using var stream = new MemoryStream();
        other.Save(stream);

        var error = Assert.Throws<InvalidDataException>(() => network.Load(new MemoryStream(stream.ToArray())));

        Assert.Contains("Layer 'Fc3\' keeps or prunes whole blocks of 2x4", error.Message, StringComparison.Ordinal);
        Assert.Contains("a class with the same layers and no patterns", error.Message, StringComparison.Ordinal);
        AssertHolds(network, weights);
    }

    [Fact]
    public void A_damaged_file_leaves_every_layer_as_it_was()
    {
        var network = FakeNetwork.Create();
        var weights = network.Layers.Select(layer => FakeNetwork.SetRandomWeights(layer, new Random(1))).ToArray();
        using var stream = new MemoryStream();
        network.Save(stream);

        Assert.Throws<InvalidDataException>(() => network.Load(new MemoryStream(stream.ToArray()[..^1])));

        AssertHolds(network, weights);
    }

    [Fact]
    public void What_is_wrong_with_a_file_begins_with_its_path()
    {
        var path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.txt");
        try
        {
            File.WriteAllText(path, "Not a model at all.");

            var error = Assert.Throws<InvalidDataException>(() => FakeNetwork.Create().Load(path));

            Assert.StartsWith($"{path}: This is no safetensors file: ", error.Message, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static void AssertHolds(SparseNetwork network, Weights[] expected)
    {
        foreach (var (layer, weights) in network.Layers.Zip(expected))
        {
            var (values, mask, bias) = (new float[weights.Values.Length], new bool[weights.Mask.Length], new float[weights.Bias.Length]);
            layer.GetWeights(values);
            layer.GetMask(mask);
            layer.GetBias(bias);
            Assert.Equal(weights.Values.Select(BitConverter.SingleToUInt32Bits), values.Select(BitConverter.SingleToUInt32Bits));
            Assert.Equal(weights.Mask, mask);
            Assert.Equal(weights.Bias, bias);
        }
    }
}
