namespace KernelGen.Benchmarks.Planning;

/// <summary>Layers beside those of the benchmark of kernels: small ones, and a pattern that is nearly dense.</summary>
internal static partial class PlanningModels
{
    [SparseModel]
    internal sealed partial class Unstructured300x784
    {
        [Linear(784, 300), Unstructured]
        public partial Linear Layer { get; }
    }

    [SparseModel]
    internal sealed partial class Unstructured100x300
    {
        [Linear(300, 100), Unstructured]
        public partial Linear Layer { get; }
    }

    [SparseModel]
    internal sealed partial class Block4x4Of300x784
    {
        [Linear(784, 300), Block(4, 4)]
        public partial Linear Layer { get; }
    }

    [SparseModel]
    internal sealed partial class NM3Of4
    {
        [Linear(512, 512), NM(3, 4)]
        public partial Linear Layer { get; }
    }
}
