namespace KernelGen.Pruning;

/// <summary>Which active weights make way for others. Blocks always go by their sums of |w|.</summary>
public enum Removal
{
    /// <summary>The smallest |w|.</summary>
    Smallest,

    /// <summary>
    /// The smallest positive and the largest negative weights, the same share of both (SET: Mocanu et al. 2018, arXiv 1707.04780): a layer keeps its
    /// proportion of signs. A weight of 0 counts as positive.
    /// </summary>
    SmallestOfEachSign,
}
