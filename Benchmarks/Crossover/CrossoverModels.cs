namespace KernelGen.Benchmarks.Crossover;

/// <summary>A layer of each pattern, square and of middle size.</summary>
[SparseModel]
internal sealed partial class UnstructuredLayer
{
    [Linear(512, 512), Unstructured]
    public partial Linear Layer { get; }
}

[SparseModel]
internal sealed partial class NM1Of4Layer
{
    [Linear(512, 512), NM(1, 4)]
    public partial Linear Layer { get; }
}

[SparseModel]
internal sealed partial class NM2Of4Layer
{
    [Linear(512, 512), NM(2, 4)]
    public partial Linear Layer { get; }
}

[SparseModel]
internal sealed partial class NM3Of4Layer
{
    [Linear(512, 512), NM(3, 4)]
    public partial Linear Layer { get; }
}

[SparseModel]
internal sealed partial class Block16X1Layer
{
    [Linear(512, 512), Block(16, 1)]
    public partial Linear Layer { get; }
}

[SparseModel]
internal sealed partial class Block8X8Layer
{
    [Linear(512, 512), Block(8, 8)]
    public partial Linear Layer { get; }
}

[SparseModel]
internal sealed partial class Block4X4Layer
{
    [Linear(512, 512), Block(4, 4)]
    public partial Linear Layer { get; }
}

[SparseModel]
internal sealed partial class Block1X8Layer
{
    [Linear(512, 512), Block(1, 8)]
    public partial Linear Layer { get; }
}
