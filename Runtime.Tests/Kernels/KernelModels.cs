namespace KernelGen.Runtime.Tests.Kernels;

// One layer each: every pattern and activation, shapes that are odd, prime, 1, and longer than a block of columns.

[SparseModel(Training = true)]
internal sealed partial class Dense_1To1
{
    [Linear(1, 1)]
    public partial Linear Layer { get; }
}

[SparseModel(Training = true)]
internal sealed partial class Dense_37To53
{
    [Linear(37, 53, Activation = Activation.Relu)]
    public partial Linear Layer { get; }
}

[SparseModel(Training = true)]
internal sealed partial class Dense_131To67
{
    [Linear(131, 67, Activation = Activation.LeakyRelu, NegativeSlope = 0.2f)]
    public partial Linear Layer { get; }
}

[SparseModel(Training = true)]
internal sealed partial class Dense_257To10
{
    [Linear(257, 10, Activation = Activation.Gelu)]
    public partial Linear Layer { get; }
}

[SparseModel(Training = true)]
internal sealed partial class Dense_29To200
{
    [Linear(29, 200, Activation = Activation.GeluTanh, Bias = false)]
    public partial Linear Layer { get; }
}

[SparseModel(Training = true)]
internal sealed partial class Unstructured_1To1
{
    [Linear(1, 1, Activation = Activation.Sigmoid), Unstructured]
    public partial Linear Layer { get; }
}

[SparseModel(Training = true)]
internal sealed partial class Unstructured_37To53
{
    [Linear(37, 53, Activation = Activation.Tanh), Unstructured]
    public partial Linear Layer { get; }
}

[SparseModel(Training = true)]
internal sealed partial class Unstructured_131To67
{
    [Linear(131, 67, Activation = Activation.Silu), Unstructured]
    public partial Linear Layer { get; }
}

[SparseModel(Training = true)]
internal sealed partial class Unstructured_5281To2
{
    [Linear(5281, 2), Unstructured]
    public partial Linear Layer { get; }
}

[SparseModel(Training = true)]
internal sealed partial class Unstructured_1031To19
{
    [Linear(1031, 19), Unstructured]
    public partial Linear Layer { get; }
}

[SparseModel(Training = true)]
internal sealed partial class Unstructured_257To130
{
    [Linear(257, 130, Activation = Activation.Relu, Bias = false), Unstructured]
    public partial Linear Layer { get; }
}

[SparseModel(Training = true)]
internal sealed partial class Unstructured_16To64
{
    [Linear(16, 64, Activation = Activation.LeakyRelu, NegativeSlope = 0.2f), Unstructured]
    public partial Linear Layer { get; }
}

[SparseModel(Training = true)]
internal sealed partial class Unstructured_33To1
{
    [Linear(33, 1, Activation = Activation.Gelu), Unstructured]
    public partial Linear Layer { get; }
}

[SparseModel(Training = true)]
internal sealed partial class Unstructured_1To29
{
    [Linear(1, 29, Activation = Activation.GeluTanh), Unstructured]
    public partial Linear Layer { get; }
}

[SparseModel(Training = true)]
internal sealed partial class NM1Of2_37To53
{
    [Linear(37, 53, Activation = Activation.Sigmoid), NM(1, 2)]
    public partial Linear Layer { get; }
}

[SparseModel(Training = true)]
internal sealed partial class NM2Of4_64To48
{
    [Linear(64, 48, Activation = Activation.Tanh, Bias = false), NM(2, 4)]
    public partial Linear Layer { get; }
}

[SparseModel(Training = true)]
internal sealed partial class NM2Of4_131To67
{
    [Linear(131, 67, Activation = Activation.Silu), NM(2, 4)]
    public partial Linear Layer { get; }
}

[SparseModel(Training = true)]
internal sealed partial class NM2Of4_259To17
{
    [Linear(259, 17), NM(2, 4)]
    public partial Linear Layer { get; }
}

[SparseModel(Training = true)]
internal sealed partial class NM1Of8_100To33
{
    [Linear(100, 33, Activation = Activation.Relu), NM(1, 8)]
    public partial Linear Layer { get; }
}

[SparseModel(Training = true)]
internal sealed partial class NM4Of4_23To19
{
    [Linear(23, 19, Activation = Activation.LeakyRelu, NegativeSlope = 0.2f), NM(4, 4)]
    public partial Linear Layer { get; }
}

[SparseModel(Training = true)]
internal sealed partial class NM3Of5_37To53
{
    [Linear(37, 53, Activation = Activation.Gelu, Bias = false), NM(3, 5)]
    public partial Linear Layer { get; }
}

[SparseModel(Training = true)]
internal sealed partial class NM4Of16_131To31
{
    [Linear(131, 31, Activation = Activation.GeluTanh), NM(4, 16)]
    public partial Linear Layer { get; }
}

[SparseModel(Training = true)]
internal sealed partial class NM7Of20_71To37
{
    [Linear(71, 37, Activation = Activation.Sigmoid), NM(7, 20)]
    public partial Linear Layer { get; }
}

[SparseModel(Training = true)]
internal sealed partial class NM2Of32_131To16
{
    [Linear(131, 16, Activation = Activation.Tanh), NM(2, 32)]
    public partial Linear Layer { get; }
}

[SparseModel(Training = true)]
internal sealed partial class NM1Of64_200To21
{
    [Linear(200, 21, Activation = Activation.Silu), NM(1, 64)]
    public partial Linear Layer { get; }
}

[SparseModel(Training = true)]
internal sealed partial class Block16X1_37To53
{
    [Linear(37, 53, Bias = false), Block(16, 1)]
    public partial Linear Layer { get; }
}

[SparseModel(Training = true)]
internal sealed partial class Block16X1_131To64
{
    [Linear(131, 64, Activation = Activation.Relu), Block(16, 1)]
    public partial Linear Layer { get; }
}

[SparseModel(Training = true)]
internal sealed partial class Block16X4_21To7
{
    [Linear(21, 7), Block(16, 4)]
    public partial Linear Layer { get; }
}

[SparseModel(Training = true)]
internal sealed partial class Block32X2_67To70
{
    [Linear(67, 70, Activation = Activation.LeakyRelu, NegativeSlope = 0.2f), Block(32, 2)]
    public partial Linear Layer { get; }
}

[SparseModel(Training = true)]
internal sealed partial class Block8X8_64To64
{
    [Linear(64, 64, Activation = Activation.Gelu), Block(8, 8)]
    public partial Linear Layer { get; }
}

[SparseModel(Training = true)]
internal sealed partial class Block8X8_131To67
{
    [Linear(131, 67, Activation = Activation.GeluTanh), Block(8, 8)]
    public partial Linear Layer { get; }
}

[SparseModel(Training = true)]
internal sealed partial class Block4X4_37To53
{
    [Linear(37, 53, Activation = Activation.Sigmoid, Bias = false), Block(4, 4)]
    public partial Linear Layer { get; }
}

[SparseModel(Training = true)]
internal sealed partial class Block2X4_131To67
{
    [Linear(131, 67, Activation = Activation.Tanh), Block(2, 4)]
    public partial Linear Layer { get; }
}

[SparseModel(Training = true)]
internal sealed partial class Block1X8_53To37
{
    [Linear(53, 37, Activation = Activation.Silu), Block(1, 8)]
    public partial Linear Layer { get; }
}

[SparseModel(Training = true)]
internal sealed partial class Block1X16_150To19
{
    [Linear(150, 19, Activation = Activation.Relu), Block(1, 16)]
    public partial Linear Layer { get; }
}

[SparseModel(Training = true)]
internal sealed partial class Block1X7_83To37
{
    [Linear(83, 37), Block(1, 7)]
    public partial Linear Layer { get; }
}

[SparseModel(Training = true)]
internal sealed partial class Block2X2_53To37
{
    [Linear(53, 37, Activation = Activation.Tanh), Block(2, 2)]
    public partial Linear Layer { get; }
}

[SparseModel(Training = true)]
internal sealed partial class Block2X8_131To67
{
    [Linear(131, 67), Block(2, 8)]
    public partial Linear Layer { get; }
}

[SparseModel(Training = true)]
internal sealed partial class Block4X2_67To53
{
    [Linear(67, 53, Activation = Activation.Silu, Bias = false), Block(4, 2)]
    public partial Linear Layer { get; }
}

[SparseModel(Training = true)]
internal sealed partial class Block8X1_53To70
{
    [Linear(53, 70), Block(8, 1)]
    public partial Linear Layer { get; }
}

[SparseModel(Training = true)]
internal sealed partial class Block8X3_131To67
{
    [Linear(131, 67, Activation = Activation.Relu), Block(8, 3)]
    public partial Linear Layer { get; }
}

[SparseModel(Training = true)]
internal sealed partial class Block12X80_200To50
{
    [Linear(200, 50), Block(12, 80)]
    public partial Linear Layer { get; }
}

[SparseModel(Training = true)]
internal sealed partial class Block5X3_37To53
{
    [Linear(37, 53), Block(5, 3)]
    public partial Linear Layer { get; }
}

[SparseModel(Training = true)]
internal sealed partial class Block11X1_29To40
{
    [Linear(29, 40, Activation = Activation.Relu), Block(11, 1)]
    public partial Linear Layer { get; }
}

[SparseModel(Training = true)]
internal sealed partial class Block3X40_107To10
{
    [Linear(107, 10, Activation = Activation.LeakyRelu, NegativeSlope = 0.2f, Bias = false), Block(3, 40)]
    public partial Linear Layer { get; }
}

[SparseModel(Training = true)]
internal sealed partial class Block64X1_19To100
{
    [Linear(19, 100, Activation = Activation.Gelu), Block(64, 1)]
    public partial Linear Layer { get; }
}

[SparseModel(Training = true)]
internal sealed partial class Block100X7_31To67
{
    [Linear(31, 67, Activation = Activation.GeluTanh), Block(100, 7)]
    public partial Linear Layer { get; }
}

[SparseModel(Training = true)]
internal sealed partial class UnstructuredNone_45To70
{
    [Linear(45, 70), Unstructured]
    public partial Linear Layer { get; }
}

[SparseModel(Training = true)]
internal sealed partial class UnstructuredRelu_45To70
{
    [Linear(45, 70, Activation = Activation.Relu), Unstructured]
    public partial Linear Layer { get; }
}

[SparseModel(Training = true)]
internal sealed partial class UnstructuredLeakyRelu_45To70
{
    [Linear(45, 70, Activation = Activation.LeakyRelu), Unstructured]
    public partial Linear Layer { get; }
}

[SparseModel(Training = true)]
internal sealed partial class UnstructuredGelu_45To70
{
    [Linear(45, 70, Activation = Activation.Gelu), Unstructured]
    public partial Linear Layer { get; }
}

[SparseModel(Training = true)]
internal sealed partial class UnstructuredGeluTanh_45To70
{
    [Linear(45, 70, Activation = Activation.GeluTanh), Unstructured]
    public partial Linear Layer { get; }
}

[SparseModel(Training = true)]
internal sealed partial class UnstructuredSigmoid_45To70
{
    [Linear(45, 70, Activation = Activation.Sigmoid), Unstructured]
    public partial Linear Layer { get; }
}

[SparseModel(Training = true)]
internal sealed partial class UnstructuredTanh_45To70
{
    [Linear(45, 70, Activation = Activation.Tanh), Unstructured]
    public partial Linear Layer { get; }
}

[SparseModel(Training = true)]
internal sealed partial class UnstructuredSilu_45To70
{
    [Linear(45, 70, Activation = Activation.Silu), Unstructured]
    public partial Linear Layer { get; }
}

[SparseModel(Training = true)]
internal sealed partial class FourLayers
{
    [Linear(37, 53, Activation = Activation.Sigmoid), Block(5, 3)]
    public partial Linear First { get; }

    [Linear(53, 131, Activation = Activation.Relu), Unstructured]
    public partial Linear Second { get; }

    [Linear(131, 21, Activation = Activation.Tanh), NM(3, 5)]
    public partial Linear Third { get; }

    [Linear(21, 7), Block(16, 4)]
    public partial Linear Fourth { get; }
}

[SparseModel(Training = true)]
internal sealed partial class BlockBeyondTheLayer_20To10
{
    [Linear(20, 10), Block(10000, 10000)]
    public partial Linear Layer { get; }
}

[SparseModel(Training = true)]
internal sealed partial class BlockWiderThanTheLayer_20To10
{
    [Linear(20, 10), Block(1, 2147483647)]
    public partial Linear Layer { get; }
}

[SparseModel(Training = true)]
internal sealed partial class BlockTallerThanTheLayer_20To10
{
    [Linear(20, 10), Block(2147483647, 1)]
    public partial Linear Layer { get; }
}

[SparseModel(Training = true)]
internal sealed partial class NM3Of1000_5To7
{
    [Linear(5, 7), NM(3, 1000)]
    public partial Linear Layer { get; }
}

[SparseModel(Training = true)]
internal sealed partial class ManyOutputs
{
    [Linear(3, 65541), Unstructured]
    public partial Linear Layer { get; }
}
