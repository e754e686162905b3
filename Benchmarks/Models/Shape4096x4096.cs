namespace KernelGen.Benchmarks.Models;

/// <summary>Layers of 4096 outputs and 4096 inputs, one of each pattern.</summary>
internal static partial class Shape4096x4096
{
    [SparseModel(Training = true)]
    internal sealed partial class Dense
    {
        [Linear(4096, 4096, Bias = false)]
        public partial Linear Layer { get; }
    }

    [SparseModel(Training = true)]
    internal sealed partial class Unstructured
    {
        [Linear(4096, 4096, Bias = false), Unstructured]
        public partial Linear Layer { get; }
    }

    [SparseModel(Training = true)]
    internal sealed partial class NM2Of4
    {
        [Linear(4096, 4096, Bias = false), NM(2, 4)]
        public partial Linear Layer { get; }
    }
}
