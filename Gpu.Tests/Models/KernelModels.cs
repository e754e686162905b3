namespace KernelGen.Gpu.Tests.Models;

// One layer each: every pattern and activation, shapes that are odd, prime, 1, longer than a stage and taller than a group.

[SparseModel(Training = true)]
internal sealed partial class Dense_1To1
{
    [Linear(1, 1)]
    public partial Linear Layer { get; }
}

[SparseModel(Training = true)]
internal sealed partial class Dense_131To67
{
    [Linear(131, 67, Activation = Activation.LeakyRelu, NegativeSlope = 0.2f)]
    public partial Linear Layer { get; }
}

[SparseModel(Training = true)]
internal sealed partial class Dense_256To128
{
    [Linear(256, 128, Activation = Activation.Relu, Bias = false)]
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
internal sealed partial class NM1Of2_37To53
{
    [Linear(37, 53, Activation = Activation.Silu), NM(1, 2)]
    public partial Linear Layer { get; }
}

[SparseModel(Training = true)]
internal sealed partial class NM2Of4_259To17
{
    [Linear(259, 17, Activation = Activation.Relu), NM(2, 4)]
    public partial Linear Layer { get; }
}

[SparseModel(Training = true)]
internal sealed partial class NM2Of4_128To128
{
    [Linear(128, 128, Activation = Activation.Gelu), NM(2, 4)]
    public partial Linear Layer { get; }
}

[SparseModel(Training = true)]
internal sealed partial class NM1Of8_100To33
{
    [Linear(100, 33), NM(1, 8)]
    public partial Linear Layer { get; }
}

[SparseModel(Training = true)]
internal sealed partial class NM3Of5_37To53
{
    [Linear(37, 53, Activation = Activation.GeluTanh), NM(3, 5)]
    public partial Linear Layer { get; }
}

[SparseModel(Training = true)]
internal sealed partial class NM7Of20_71To37
{
    [Linear(71, 37), NM(7, 20)]
    public partial Linear Layer { get; }
}

[SparseModel(Training = true)]
internal sealed partial class NM1Of64_200To21
{
    [Linear(200, 21), NM(1, 64)]
    public partial Linear Layer { get; }
}

[SparseModel(Training = true)]
internal sealed partial class NM3Of1000_5To7
{
    [Linear(5, 7), NM(3, 1000)]
    public partial Linear Layer { get; }
}

[SparseModel(Training = true)]
internal sealed partial class Block8X8_131To67
{
    [Linear(131, 67, Activation = Activation.Relu), Block(8, 8)]
    public partial Linear Layer { get; }
}

[SparseModel(Training = true)]
internal sealed partial class Block16X1_131To64
{
    [Linear(131, 64), Block(16, 1)]
    public partial Linear Layer { get; }
}

[SparseModel(Training = true)]
internal sealed partial class Block4X4_37To53
{
    [Linear(37, 53, Activation = Activation.Gelu), Block(4, 4)]
    public partial Linear Layer { get; }
}

[SparseModel(Training = true)]
internal sealed partial class Block2X4_131To67
{
    [Linear(131, 67), Block(2, 4)]
    public partial Linear Layer { get; }
}

[SparseModel(Training = true)]
internal sealed partial class Block1X7_83To37
{
    [Linear(83, 37), Block(1, 7)]
    public partial Linear Layer { get; }
}

[SparseModel(Training = true)]
internal sealed partial class Block5X3_37To53
{
    [Linear(37, 53), Block(5, 3)]
    public partial Linear Layer { get; }
}

[SparseModel(Training = true)]
internal sealed partial class Block3X40_107To10
{
    [Linear(107, 10), Block(3, 40)]
    public partial Linear Layer { get; }
}

[SparseModel(Training = true)]
internal sealed partial class Block11X1_29To40
{
    [Linear(29, 40), Block(11, 1)]
    public partial Linear Layer { get; }
}

[SparseModel(Training = true)]
internal sealed partial class BlockBeyondTheLayer_20To10
{
    [Linear(20, 10), Block(1000, 900)]
    public partial Linear Layer { get; }
}

/// <summary>Layers of every pattern in a row: each finds what the one before left in shared buffers.</summary>
[SparseModel(Training = true)]
internal sealed partial class FourLayers
{
    [Linear(70, 130, Activation = Activation.Relu), Unstructured]
    public partial Linear First { get; }

    [Linear(130, 90, Activation = Activation.Gelu), NM(1, 8)]
    public partial Linear Second { get; }

    [Linear(90, 50, Activation = Activation.Relu), Block(8, 4)]
    public partial Linear Third { get; }

    [Linear(50, 10)]
    public partial Linear Fourth { get; }
}

/// <summary>Every activation before some layer, and every pattern behind some activation.</summary>
[SparseModel(Training = true)]
internal sealed partial class EveryActivation
{
    [Linear(37, 29, Activation = Activation.Relu), Unstructured]
    public partial Linear First { get; }

    [Linear(29, 33, Activation = Activation.Gelu), NM(2, 4)]
    public partial Linear Second { get; }

    [Linear(33, 31, Activation = Activation.LeakyRelu, NegativeSlope = 0.2f), Block(4, 4)]
    public partial Linear Third { get; }

    [Linear(31, 23, Activation = Activation.Tanh)]
    public partial Linear Fourth { get; }

    [Linear(23, 27, Activation = Activation.LeakyRelu, NegativeSlope = -0.5f, Bias = false), Unstructured]
    public partial Linear Fifth { get; }

    [Linear(27, 25, Activation = Activation.Sigmoid), Block(8, 8)]
    public partial Linear Sixth { get; }

    [Linear(25, 21, Activation = Activation.GeluTanh), Unstructured]
    public partial Linear Seventh { get; }

    [Linear(21, 19), NM(1, 8)]
    public partial Linear Eighth { get; }

    [Linear(19, 11, Activation = Activation.Silu), Unstructured]
    public partial Linear Last { get; }
}

/// <summary>The slopes that take most registers, before layers whose input gradients do; as wide as kernels get.</summary>
[SparseModel(Training = true)]
internal sealed partial class HeavySlopes
{
    [Linear(64, 128, Activation = Activation.Gelu), Unstructured]
    public partial Linear First { get; }

    [Linear(128, 128, Activation = Activation.GeluTanh), Block(8, 8)]
    public partial Linear Second { get; }

    [Linear(128, 128, Activation = Activation.Gelu), NM(2, 4)]
    public partial Linear Third { get; }

    [Linear(128, 128, Activation = Activation.Silu), Block(16, 1)]
    public partial Linear Fourth { get; }

    [Linear(128, 128, Activation = Activation.Gelu), Block(4, 4)]
    public partial Linear Fifth { get; }

    [Linear(128, 64)]
    public partial Linear Last { get; }
}

/// <summary>Not marked for training.</summary>
[SparseModel]
internal sealed partial class ForInferenceAlone
{
    [Linear(4, 3), Unstructured]
    public partial Linear Layer { get; }
}
