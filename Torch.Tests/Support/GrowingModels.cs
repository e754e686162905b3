namespace KernelGen.Torch.Tests;

/// <summary>RigL, but for one layer.</summary>
[SparseModel(Training = true)]
[Grow(Growth.RigL, Share = 0.4, Every = 4)]
internal sealed partial class MostlyRigL
{
    [Linear(20, 37, Activation = Activation.Relu), Unstructured(Sparsity = 0.7)]
    public partial Linear Fc1 { get; }

    [Linear(37, 33, Activation = Activation.Tanh), Unstructured(Sparsity = 0.6)]
    [Grow(Growth.Set, Share = 0.25, Every = 3, End = 1)]
    public partial Linear Fc2 { get; }

    [Linear(33, 24, Activation = Activation.Silu), NM(2, 4)]
    public partial Linear Fc3 { get; }

    [Linear(24, 5)]
    public partial Linear Fc4 { get; }
}

/// <summary>Layers that exchange weights, and one that can't.</summary>
[SparseModel(Training = true)]
[Grow(Growth.Snfs, Share = 0.5, Every = 3, End = 1)]
internal sealed partial class MostlySnfs
{
    [Linear(20, 37, Activation = Activation.Relu), Unstructured(Sparsity = 0.7)]
    public partial Linear Fc1 { get; }

    [Linear(37, 32, Activation = Activation.Tanh), NM(2, 4)]
    [Grow(Growth.RigL, Every = 3)]
    public partial Linear Fc2 { get; }

    [Linear(32, 5), Unstructured(Sparsity = 0.6)]
    public partial Linear Fc3 { get; }
}

/// <summary>One layer that grows; the others keep their masks.</summary>
[SparseModel(Training = true)]
internal sealed partial class OneGrows
{
    [Linear(20, 16, Activation = Activation.Relu), Unstructured(Sparsity = 0.5)]
    public partial Linear Fc1 { get; }

    [Linear(16, 5), Unstructured(Sparsity = 0.5), Grow(Growth.RigL, Every = 2)]
    public partial Linear Fc2 { get; }
}

/// <summary>AC/DC in all layers with a pattern, by the model's budget.</summary>
[SparseModel(Training = true)]
[Prune(Criterion.Magnitude, Schedule.Constant, Budget = Budget.Erk, Sparsity = 0.7)]
[Grow(Growth.AcDc)]
internal sealed partial class Alternating
{
    [Linear(20, 36, Activation = Activation.Relu), Unstructured]
    public partial Linear Fc1 { get; }

    [Linear(36, 32, Activation = Activation.Tanh), NM(2, 4)]
    public partial Linear Fc2 { get; }

    [Linear(32, 24, Activation = Activation.Silu), Block(2, 4)]
    public partial Linear Fc3 { get; }

    [Linear(24, 5)]
    public partial Linear Fc4 { get; }
}

/// <summary>One layer that alternates; the other keeps its mask.</summary>
[SparseModel(Training = true)]
internal sealed partial class OneAlternates
{
    [Linear(20, 16, Activation = Activation.Relu), Unstructured(Sparsity = 0.5)]
    public partial Linear Fc1 { get; }

    [Linear(16, 5), Unstructured(Sparsity = 0.6), Grow(Growth.AcDc)]
    public partial Linear Fc2 { get; }
}

/// <summary>Top-KAST by the model's budget, and SR-STE in the layer that it passes over.</summary>
[SparseModel(Training = true)]
[Prune(Criterion.Magnitude, Schedule.Constant, Budget = Budget.Erk, Sparsity = 0.7)]
[Grow(Growth.TopKast)]
internal sealed partial class MostlyTopKast
{
    [Linear(20, 36, Activation = Activation.Relu), Unstructured]
    public partial Linear Fc1 { get; }

    [Linear(36, 32, Activation = Activation.Tanh), NM(2, 4), Grow(Growth.SRSte)]
    public partial Linear Fc2 { get; }

    [Linear(32, 24, Activation = Activation.Silu), Block(2, 4)]
    public partial Linear Fc3 { get; }

    [Linear(24, 5)]
    public partial Linear Fc4 { get; }
}

/// <summary>SR-STE, which passes over the first layer, and Top-KAST in the last, at its own sparsity.</summary>
[SparseModel]
[Grow(Growth.SRSte)]
internal sealed partial class MostlySRSte
{
    [Linear(20, 36, Activation = Activation.Relu), Unstructured(Sparsity = 0.5)]
    public partial Linear Fc1 { get; }

    [Linear(36, 32, Activation = Activation.Tanh), NM(1, 4)]
    public partial Linear Fc2 { get; }

    [Linear(32, 5), Unstructured(Sparsity = 0.8), Grow(Growth.TopKast)]
    public partial Linear Fc3 { get; }
}
