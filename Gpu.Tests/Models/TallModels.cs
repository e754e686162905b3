namespace KernelGen.Gpu.Tests.Models;

// A device launches few groups of features beside each other, 65,535: layers that exceed that.

/// <summary>Narrow kernels, which take 8 or, dense, 16 rows a group, would exceed a launch; wide ones do not.</summary>
[SparseModel(Training = true)]
internal sealed partial class TallLayer
{
    [Linear(2, 1_100_000, Activation = Activation.Relu), Unstructured]
    public partial Linear First { get; }

    [Linear(1_100_000, 1), Unstructured]
    public partial Linear Second { get; }
}

/// <summary>One row more than groups of 64 reach.</summary>
[SparseModel]
internal sealed partial class TooTallLayer
{
    [Linear(1, 4_194_241), Unstructured]
    public partial Linear First { get; }

    [Linear(4_194_241, 1), Unstructured]
    public partial Linear Second { get; }
}

/// <summary>One output more than groups of 32 bring to the caller.</summary>
[SparseModel]
internal sealed partial class TooTallEnd
{
    [Linear(1, 2_097_121), Unstructured]
    public partial Linear Layer { get; }
}

/// <summary>One column more than groups of 48, 8 warps with 2 blocks of 3 columns each, reach in the input gradient.</summary>
[SparseModel(Training = true)]
internal sealed partial class TooWideForGradients
{
    [Linear(1, 3_145_681), Unstructured]
    public partial Linear First { get; }

    [Linear(3_145_681, 5), Block(5, 3)]
    public partial Linear Second { get; }
}
