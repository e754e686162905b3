using KernelGen.Dispatch;
using Xunit;

namespace KernelGen.Runtime.Tests.Kernels;

/// <summary>All one-layer models, by name, and the instruction sets to run them on.</summary>
internal static class KernelCases
{
    private static readonly Dictionary<string, Factory> Models = new()
    {
        ["Dense_1To1"] = () => new Dense_1To1(),
        ["Dense_37To53"] = () => new Dense_37To53(),
        ["Dense_131To67"] = () => new Dense_131To67(),
        ["Dense_257To10"] = () => new Dense_257To10(),
        ["Dense_29To200"] = () => new Dense_29To200(),
        ["Unstructured_1To1"] = () => new Unstructured_1To1(),
        ["Unstructured_37To53"] = () => new Unstructured_37To53(),
        ["Unstructured_131To67"] = () => new Unstructured_131To67(),
        ["Unstructured_5281To2"] = () => new Unstructured_5281To2(),
        ["Unstructured_1031To19"] = () => new Unstructured_1031To19(),
        ["Unstructured_257To130"] = () => new Unstructured_257To130(),
        ["Unstructured_16To64"] = () => new Unstructured_16To64(),
        ["Unstructured_33To1"] = () => new Unstructured_33To1(),
        ["Unstructured_1To29"] = () => new Unstructured_1To29(),
        ["NM1Of2_37To53"] = () => new NM1Of2_37To53(),
        ["NM2Of4_64To48"] = () => new NM2Of4_64To48(),
        ["NM2Of4_131To67"] = () => new NM2Of4_131To67(),
        ["NM2Of4_259To17"] = () => new NM2Of4_259To17(),
        ["NM1Of8_100To33"] = () => new NM1Of8_100To33(),
        ["NM4Of4_23To19"] = () => new NM4Of4_23To19(),
        ["NM3Of5_37To53"] = () => new NM3Of5_37To53(),
        ["NM4Of16_131To31"] = () => new NM4Of16_131To31(),
        ["NM7Of20_71To37"] = () => new NM7Of20_71To37(),
        ["NM2Of32_131To16"] = () => new NM2Of32_131To16(),
        ["NM1Of64_200To21"] = () => new NM1Of64_200To21(),
        ["Block16X1_37To53"] = () => new Block16X1_37To53(),
        ["Block16X1_131To64"] = () => new Block16X1_131To64(),
        ["Block16X4_21To7"] = () => new Block16X4_21To7(),
        ["Block32X2_67To70"] = () => new Block32X2_67To70(),
        ["Block8X8_64To64"] = () => new Block8X8_64To64(),
        ["Block8X8_131To67"] = () => new Block8X8_131To67(),
        ["Block4X4_37To53"] = () => new Block4X4_37To53(),
        ["Block2X4_131To67"] = () => new Block2X4_131To67(),
        ["Block1X8_53To37"] = () => new Block1X8_53To37(),
        ["Block1X16_150To19"] = () => new Block1X16_150To19(),
        ["Block1X7_83To37"] = () => new Block1X7_83To37(),
        ["Block2X2_53To37"] = () => new Block2X2_53To37(),
        ["Block2X8_131To67"] = () => new Block2X8_131To67(),
        ["Block4X2_67To53"] = () => new Block4X2_67To53(),
        ["Block8X1_53To70"] = () => new Block8X1_53To70(),
        ["Block8X3_131To67"] = () => new Block8X3_131To67(),
        ["Block12X80_200To50"] = () => new Block12X80_200To50(),
        ["Block5X3_37To53"] = () => new Block5X3_37To53(),
        ["Block11X1_29To40"] = () => new Block11X1_29To40(),
        ["Block3X40_107To10"] = () => new Block3X40_107To10(),
        ["Block64X1_19To100"] = () => new Block64X1_19To100(),
        ["Block100X7_31To67"] = () => new Block100X7_31To67(),
        ["UnstructuredNone_45To70"] = () => new UnstructuredNone_45To70(),
        ["UnstructuredRelu_45To70"] = () => new UnstructuredRelu_45To70(),
        ["UnstructuredLeakyRelu_45To70"] = () => new UnstructuredLeakyRelu_45To70(),
        ["UnstructuredGelu_45To70"] = () => new UnstructuredGelu_45To70(),
        ["UnstructuredGeluTanh_45To70"] = () => new UnstructuredGeluTanh_45To70(),
        ["UnstructuredSigmoid_45To70"] = () => new UnstructuredSigmoid_45To70(),
        ["UnstructuredTanh_45To70"] = () => new UnstructuredTanh_45To70(),
        ["UnstructuredSilu_45To70"] = () => new UnstructuredSilu_45To70(),
        ["BlockBeyondTheLayer_20To10"] = () => new BlockBeyondTheLayer_20To10(),
        ["BlockWiderThanTheLayer_20To10"] = () => new BlockWiderThanTheLayer_20To10(),
        ["BlockTallerThanTheLayer_20To10"] = () => new BlockTallerThanTheLayer_20To10(),
        ["NM3Of1000_5To7"] = () => new NM3Of1000_5To7(),
    };

    public static TheoryData<InstructionSet> Sets => [.. Enum.GetValues<InstructionSet>()];

    /// <summary>Every model on every instruction set; those that the machine lacks are skipped, and say so.</summary>
    public static TheoryData<string, InstructionSet> All
    {
        get
        {
            var data = new TheoryData<string, InstructionSet>();
            foreach (var name in Models.Keys)
            {
                foreach (var set in Enum.GetValues<InstructionSet>())
                {
                    data.Add(name, set);
                }
            }

            return data;
        }
    }

    // An interface with static members can't be a type argument, as in Func<ISparseModel>.
    private delegate ISparseModel Factory();

    public static ISparseModel Create(string name) => Models[name]();

    /// <summary>The layer W^T without bias and activation, on the kernels that give a trained layer's input gradient.</summary>
    public static Linear InputGradient(Linear layer)
    {
        var descriptor = layer.Descriptor with
        {
            InFeatures = layer.OutFeatures,
            OutFeatures = layer.InFeatures,
            Bias = false,
            Activation = Activation.None,
            Pattern = layer.Descriptor.Pattern switch
            {
                BlockPattern block => block with { Rows = block.Columns, Columns = block.Rows },
                NMPattern => new UnstructuredPattern(0),
                var pattern => pattern,
            },
        };
        return new Linear(descriptor, layer.TrainingKernels!.SparseInputGradient, layer.TrainingKernels.DenseInputGradient);
    }

    public static void SkipUnsupported(InstructionSet set)
        => Assert.SkipUnless(Isa.IsSupported(set), $"This machine has no {set}.");

    /// <summary>Random weights in the layer's pattern, of about the given density.</summary>
    public static Weights RandomWeights(Linear layer, Random random, double density)
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
