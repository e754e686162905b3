namespace Study.Methods;

/// <summary>Methods that are tuned together.</summary>
internal enum Family
{
    /// <summary>No pruning.</summary>
    Dense,

    /// <summary>Dense at first, pruned in the course of training.</summary>
    Pruned,

    /// <summary>Sparse from the first step on.</summary>
    FromScratch,
}
