namespace KernelGen.Benchmarks.WholeModels;

/// <summary>LeNet-300-100, pruned to 3% of its weights.</summary>
[SparseModel]
internal sealed partial class LeNet300
{
    [Linear(784, 300, Activation = Activation.Relu, Bias = false), Unstructured(Sparsity = 0.97)]
    public partial Linear Fc1 { get; }

    [Linear(300, 100, Activation = Activation.Relu, Bias = false), Unstructured(Sparsity = 0.97)]
    public partial Linear Fc2 { get; }

    [Linear(100, 10, Bias = false), Unstructured(Sparsity = 0.97)]
    public partial Linear Fc3 { get; }
}
