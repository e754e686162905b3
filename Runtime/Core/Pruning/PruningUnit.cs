namespace KernelGen.Pruning;

/// <summary>What is pruned at a time.</summary>
public enum PruningUnit
{
    /// <summary>What the layer's pattern says: a weight, a block, or a weight of an N:M group.</summary>
    Pattern,

    /// <summary>A whole output: its row of weights, in a block layer a row of blocks. N:M layers keep their pattern.</summary>
    Output,

    /// <summary>A whole input: its column of weights, in a block layer a column of blocks. N:M layers keep their pattern.</summary>
    Input,
}
