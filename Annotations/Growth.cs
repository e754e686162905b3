namespace KernelGen;

/// <summary>Which weights become active in place of the smallest, while a model trains at a constant number of active weights.</summary>
public enum Growth
{
    /// <summary>Any, by chance; the share that is replaced stays (SET, Mocanu et al. 2018, arXiv 1707.04780).</summary>
    Set,

    /// <summary>Those with the largest gradient; the share falls to 0 as a cosine (RigL, Evci et al. 2020, arXiv 1911.11134).</summary>
    RigL,

    /// <summary>
    /// Those with the largest momentum, and more of them in layers whose active weights have more of it; the share falls to 0 as a cosine (SNFS, Dettmers and
    /// Zettlemoyer 2019, arXiv 1907.04840).
    /// </summary>
    Snfs,
}
