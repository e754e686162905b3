using System.Globalization;
using System.Text.Json;
using System.Xml.Linq;
using KernelGen.Measures;
using KernelGen.Runtime.Tests.Pruning;
using Xunit;

namespace KernelGen.Runtime.Tests.Measures;

public sealed class ModelReportTests
{
    [Fact]
    public void A_small_model_by_hand()
    {
        var report = Small();

        // Fc1: 4 of 16 weights and 2 biases, 16 bits of bitmap; Fc2: all 4 weights and 2 biases, no index.
        Assert.Equal([4, 4], report.Layers.Select(layer => layer.Nonzeros));
        Assert.Equal(["bitmap", "none"], report.Layers.Select(layer => layer.Index));
        Assert.Equal([26, 24], report.Layers.Select(layer => layer.Bytes));
        Assert.Equal(20, report.Weights);
        Assert.Equal(8, report.Nonzeros);
        Assert.Equal(12, report.Parameters);
        Assert.Equal(0.6, report.Sparsity, 12);
        Assert.Equal(50, report.Bytes);
        Assert.Equal(16, report.InferenceFlops);
        Assert.Equal(40, report.DenseInferenceFlops);
        Assert.Equal((20 + 4) * 4, report.DenseBytes);
        Assert.Equal(96.0 / 50, report.Compression, 12);
        Assert.Null(report.ParameterEfficiency);
        Assert.Null(report.HardnessEfficiency);
    }

    [Fact]
    public void The_energy_proxy_by_hand()
    {
        var layer = new LayerReport("Fc1", "unstructured", InFeatures: 8, OutFeatures: 2, Nonzeros: 4, Biases: 2, "bitmap", IndexBytes: 2);

        // 4 (3.7 + 0.9) + 10 words of activations at 5 + 26 bytes are 6.5 words of memory at 640
        Assert.Equal(18.4 + 50 + 4_160, new EnergyProxy().Of(layer), 9);
        Assert.Equal(18.4 + 50 + 416, new EnergyProxy().Of(layer, batch: 10), 9);
        Assert.Equal(73.6 + 50 + 11_520, new EnergyProxy().OfDense(layer), 9);
        Assert.Equal(18.4 + 50 + 32.5, (new EnergyProxy() with { MemoryWord = 5 }).Of(layer), 9);
        Assert.Throws<ArgumentOutOfRangeException>(() => new EnergyProxy().Of(layer, batch: 0));
    }

    [Fact]
    public void Efficiencies_divide_by_all_parameters()
    {
        var report = Small().WithQuality(correct: 60, samples: 100, classes: 10);

        Assert.Equal(0.6, report.Quality!.Accuracy);
        Assert.Equal(5, report.ParameterEfficiency);
        Assert.Equal(report.Quality.Hardness / 12, report.HardnessEfficiency);
        Assert.Throws<ArgumentOutOfRangeException>(() => Small().WithQuality(101, 100, 10));
        Assert.Throws<ArgumentOutOfRangeException>(() => Small().WithQuality(1, 0, 10));
        Assert.Throws<ArgumentOutOfRangeException>(() => Small().WithQuality(1, 10, 0));
    }

    [Fact]
    public void A_file_is_as_large_as_the_report_says_up_to_its_header()
    {
        var model = new PermutedChain();
        var random = new Random(8);
        foreach (var layer in model.Layers)
        {
            var weights = Given.Weights(random, layer.Descriptor.WeightCount).Select(weight => weight == 0 ? 1 : weight).ToArray();
            var masks = KernelGen.Pruning.ModelPruner.PruneNow(new ModelDescriptor("One", [layer.Descriptor]), [weights]);
            layer.SetWeights(weights, new float[layer.Descriptor.Bias ? layer.OutFeatures : 0], masks[0]);
        }

        using var file = new MemoryStream();
        model.Save(file);
        var header = 8 + BitConverter.ToInt64(file.ToArray());

        var report = ModelReport.Of(model);

        Assert.Equal(file.Length - header, report.Bytes);
        Assert.Equal("PermutedChain", report.Model);
        Assert.Equal(["2:4", "1:8", "block 4x4", "3:5"], report.Layers.Select(layer => layer.Pattern));
    }

    [Fact]
    public void Json_holds_derived_numbers_and_reads_back()
    {
        var report = Small().WithQuality(60, 100, 10) with { TrainingFlops = 123.5 };

        var json = report.ToJson();
        var read = ModelReport.FromJson(json);

        using var document = JsonDocument.Parse(json);
        Assert.Equal(report.Bytes, document.RootElement.GetProperty("bytes").GetInt64());
        Assert.Equal(5, document.RootElement.GetProperty("parameterEfficiency").GetDouble());
        Assert.Equal(4, document.RootElement.GetProperty("layers")[0].GetProperty("nonzeros").GetInt64());
        Assert.Equal(json, read.ToJson());
        Assert.Equal(report.Layers, read.Layers);
        Assert.Equal(report.Quality, read.Quality);
        Assert.Throws<JsonException>(() => ModelReport.FromJson("null"));
        Assert.Throws<JsonException>(() => ModelReport.FromJson("""{ "model": "Mlp" }"""));
    }

    [Fact]
    public void Prints_a_table()
    {
        var lines = (Small().WithQuality(60, 100, 10) with { TrainingFlops = 60 }).ToString().Split('\n');

        Assert.Equal("Mlp", lines[0]);
        Assert.StartsWith("layer  pattern  shape  weights  active  sparsity  index   bytes", lines[1], StringComparison.Ordinal);
        Assert.StartsWith("Fc1    2:8      2 x 8       16       4     75.0%  bitmap", lines[2], StringComparison.Ordinal);
        Assert.Contains("20       8", lines[4], StringComparison.Ordinal);
        Assert.Contains("60 (2.0x fewer than dense)", lines[7], StringComparison.Ordinal);
        Assert.Contains("60 of 100", lines[8], StringComparison.Ordinal);
        Assert.Contains("5.0000", lines[9], StringComparison.Ordinal);
        Assert.Equal(lines[1].Length, lines[2].Length);
        Assert.Equal(lines[1].Length, lines[4].Length);
    }

    [Fact]
    public void Draws_bars_as_long_as_its_numbers()
    {
        var report = Small() with { Model = "A <B> & C" };

        var picture = XDocument.Parse(report.ToSvg());

        var bars = picture.Descendants().Where(element => element.Name.LocalName == "rect" && element.Attribute("x") is not null)
            .Select(bar => double.Parse(bar.Attribute("width")!.Value, CultureInfo.InvariantCulture)).ToArray();
        // Dense and sparse bytes, dense and sparse operations; of the largest dense layer: 72 bytes, 32 operations.
        double[] expected = [72 / 72.0, 26 / 72.0, 1, 8 / 32.0, 24 / 72.0, 24 / 72.0, 8 / 32.0, 8 / 32.0];
        Assert.Equal(expected.Select(share => share * bars[0]), bars, (a, b) => Math.Abs(a - b) < 0.01);
        var texts = picture.Descendants().Where(element => element.Name.LocalName == "text").Select(text => text.Value).ToArray();
        Assert.All(["A <B> & C: 60.0% zeros", "Fc1", "Fc2", "2:8", "26 of 72", "8 of 32", "24 of 24"], text => Assert.Contains(text, texts));
        Assert.Contains(texts, text => text.Contains("50, 1.9x smaller", StringComparison.Ordinal));
    }

    [Fact]
    public void What_does_not_fit_names_the_layer()
    {
        var model = Given.Model(null, Given.Layer("Fc1", 2, 2, new DensePattern()));

        Assert.Contains("'Mlp'", Assert.Throws<ArgumentException>(() => ModelReport.Of(model, [])).Message, StringComparison.Ordinal);
        Assert.Contains("'Fc1'", Assert.Throws<ArgumentException>(() => ModelReport.Of(model, [new bool[3]])).Message, StringComparison.Ordinal);
        Assert.Contains("'Fc1'", Assert.Throws<InvalidOperationException>(() => ModelReport.Of(new PermutedChain())).Message, StringComparison.Ordinal);
    }

    private static ModelReport Small()
    {
        var model = Given.Model(null, Given.Layer("Fc1", 8, 2, new NMPattern(2, 8)), Given.Layer("Fc2", 2, 2, new DensePattern()));
        bool[] mask = [true, false, false, false, false, true, false, false, false, true, true, false, false, false, false, false];
        return ModelReport.Of(model, [mask, new[] { true, true, true, true }]);
    }
}
