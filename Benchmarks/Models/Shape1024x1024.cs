namespace KernelGen.Benchmarks.Models;

/// <summary>Layers of 1024 outputs and 1024 inputs, one of each pattern.</summary>
internal static partial class Shape1024x1024
{
    [SparseModel(Training = true)]
    internal sealed partial class Dense
    {
        [Linear(1024, 1024, Bias = false)]
        public partial Linear Layer { get; }
    }

    [SparseModel(Training = true)]
    internal sealed partial class Unstructured
    {
        [Linear(1024, 1024, Bias = false), Unstructured]
        public partial Linear Layer { get; }
    }

    [SparseModel(Training = true)]
    internal sealed partial class NM2Of4
    {
        [Linear(1024, 1024, Bias = false), NM(2, 4)]
        public partial Linear Layer { get; }
    }

    [SparseModel(Training = true)]
    internal sealed partial class NM1Of4
    {
        [Linear(1024, 1024, Bias = false), NM(1, 4)]
        public partial Linear Layer { get; }
    }

    [SparseModel(Training = true)]
    internal sealed partial class NM1Of8
    {
        [Linear(1024, 1024, Bias = false), NM(1, 8)]
        public partial Linear Layer { get; }
    }

    [SparseModel(Training = true)]
    internal sealed partial class NM4Of8
    {
        [Linear(1024, 1024, Bias = false), NM(4, 8)]
        public partial Linear Layer { get; }
    }

    [SparseModel(Training = true)]
    internal sealed partial class NM2Of8
    {
        [Linear(1024, 1024, Bias = false), NM(2, 8)]
        public partial Linear Layer { get; }
    }

    [SparseModel(Training = true)]
    internal sealed partial class NM4Of16
    {
        [Linear(1024, 1024, Bias = false), NM(4, 16)]
        public partial Linear Layer { get; }
    }

    [SparseModel(Training = true)]
    internal sealed partial class Block16x1
    {
        [Linear(1024, 1024, Bias = false), Block(16, 1)]
        public partial Linear Layer { get; }
    }

    [SparseModel(Training = true)]
    internal sealed partial class Block4x4
    {
        [Linear(1024, 1024, Bias = false), Block(4, 4)]
        public partial Linear Layer { get; }
    }

    [SparseModel(Training = true)]
    internal sealed partial class Block8x8
    {
        [Linear(1024, 1024, Bias = false), Block(8, 8)]
        public partial Linear Layer { get; }
    }

    [SparseModel(Training = true)]
    internal sealed partial class Block1x8
    {
        [Linear(1024, 1024, Bias = false), Block(1, 8)]
        public partial Linear Layer { get; }
    }
}
