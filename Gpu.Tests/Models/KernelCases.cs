using KernelGen.Runtime.Tests;
using Xunit;

namespace KernelGen.Gpu.Tests.Models;

/// <summary>All one-layer models, by name, and the devices to run them on.</summary>
internal static class KernelCases
{
    private static readonly Dictionary<string, Factory> Models = new()
    {
        ["Dense_1To1"] = () => new Dense_1To1(),
        ["Dense_131To67"] = () => new Dense_131To67(),
        ["Dense_256To128"] = () => new Dense_256To128(),
        ["Unstructured_1To1"] = () => new Unstructured_1To1(),
        ["Unstructured_37To53"] = () => new Unstructured_37To53(),
        ["Unstructured_1031To19"] = () => new Unstructured_1031To19(),
        ["Unstructured_257To130"] = () => new Unstructured_257To130(),
        ["NM1Of2_37To53"] = () => new NM1Of2_37To53(),
        ["NM2Of4_259To17"] = () => new NM2Of4_259To17(),
        ["NM2Of4_128To128"] = () => new NM2Of4_128To128(),
        ["NM1Of8_100To33"] = () => new NM1Of8_100To33(),
        ["NM3Of5_37To53"] = () => new NM3Of5_37To53(),
        ["NM7Of20_71To37"] = () => new NM7Of20_71To37(),
        ["NM1Of64_200To21"] = () => new NM1Of64_200To21(),
        ["NM3Of1000_5To7"] = () => new NM3Of1000_5To7(),
        ["Block8X8_131To67"] = () => new Block8X8_131To67(),
        ["Block16X1_131To64"] = () => new Block16X1_131To64(),
        ["Block4X4_37To53"] = () => new Block4X4_37To53(),
        ["Block2X4_131To67"] = () => new Block2X4_131To67(),
        ["Block1X7_83To37"] = () => new Block1X7_83To37(),
        ["Block5X3_37To53"] = () => new Block5X3_37To53(),
        ["Block3X40_107To10"] = () => new Block3X40_107To10(),
        ["Block11X1_29To40"] = () => new Block11X1_29To40(),
        ["BlockBeyondTheLayer_20To10"] = () => new BlockBeyondTheLayer_20To10(),
    };

    /// <summary>Larger layers take the simulation minutes.</summary>
    private const int MostSimulatedWeights = 4000;

    // An interface with static members can't be a type argument, as in Func<IGpuModel>.
    private delegate IGpuModel Factory();

    public static TheoryData<string> Names => [.. Models.Keys];

    /// <summary>Every model on every device; those that the machine lacks are skipped, and say so.</summary>
    public static TheoryData<string, string> All
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var name in Models.Keys)
            {
                foreach (var device in TestDevices.Names)
                {
                    data.Add(name, device);
                }
            }

            return data;
        }
    }

    /// <summary>Skips what would take the simulation minutes.</summary>
    public static void SkipLarge(string device, IGpuModel model)
        => Assert.SkipWhen(
            device == TestDevices.Simulation && model.Layers[0].Descriptor.WeightCount > MostSimulatedWeights, "Too large for ILGPU's simulation: other devices run it.");

    public static IGpuModel Create(string name) => Models[name]();

    /// <summary>A model whose layers have random weights in their patterns, of about the given density.</summary>
    public static IGpuModel Create(string name, Random random, double density, out Weights[] weights)
    {
        var model = Create(name);
        weights = SetRandomWeights(model, random, density);
        return model;
    }

    /// <summary>Gives all layers random weights in their patterns.</summary>
    public static Weights[] SetRandomWeights(ISparseModel model, Random random, double density)
        => [.. model.Layers.Select(layer =>
        {
            var weights = RandomWeights(layer, random, density);
            layer.SetWeights(weights.Values, weights.Bias, weights.Mask);
            return weights;
        })];

    private static Weights RandomWeights(Linear layer, Random random, double density)
    {
        var weights = layer.Descriptor.Pattern switch
        {
            NMPattern p when density < 1 => Weights.RandomGroups(random, layer.OutFeatures, layer.InFeatures, p.N, p.M),
            NMPattern p => Weights.FullGroups(random, layer.OutFeatures, layer.InFeatures, p.N, p.M),
            BlockPattern p => Weights.RandomBlocks(random, layer.OutFeatures, layer.InFeatures, p.Rows, p.Columns, density),
            DensePattern => Weights.Random(random, layer.OutFeatures, layer.InFeatures, 1),
            _ => Weights.Random(random, layer.OutFeatures, layer.InFeatures, density),
        };
        return layer.Descriptor.Bias ? weights.WithBias(random) : weights;
    }
}
