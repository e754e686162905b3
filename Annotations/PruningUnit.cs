namespace KernelGen;

/// <summary>What is pruned at a time.</summary>
public enum PruningUnit
{
    /// <summary>What the layer's pattern says: a weight, a block, or the weights of an N:M group.</summary>
    Pattern,

    /// <summary>A whole output: a row of the weights, of a block layer a row of blocks.</summary>
    Output,

    /// <summary>A whole input: a column of the weights, of a block layer a column of blocks.</summary>
    Input,
}
