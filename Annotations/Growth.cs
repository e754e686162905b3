namespace KernelGen;

/// <summary>
/// How a model chooses its active weights anew while it trains. Each value says which call of KernelGen.Torch follows it; the layers of a model may
/// have different values that the same call follows.
/// </summary>
public enum Growth
{
    /// <summary>
    /// Any, by chance, in place of the smallest; the share that is replaced stays (SET, Mocanu et al. 2018, arXiv 1707.04780). Followed by
    /// <c>new Rewirer(module, optimizer, totalSteps)</c>.
    /// </summary>
    Set,

    /// <summary>
    /// Those with the largest gradient in place of the smallest; the share falls to 0 as a cosine (RigL, Evci et al. 2020, arXiv 1911.11134). Followed
    /// by <c>new Rewirer(module, optimizer, totalSteps)</c>.
    /// </summary>
    RigL,

    /// <summary>
    /// Those with the largest momentum in place of the smallest, and more of them in layers whose active weights have more of it; the share falls to 0 as
    /// a cosine (SNFS, Dettmers and Zettlemoyer 2019, arXiv 1907.04840). Followed by <c>new Rewirer(module, optimizer, totalSteps)</c>.
    /// </summary>
    Snfs,

    /// <summary>
    /// All and the largest in turn, in dense and sparse phases (AC/DC, Peste et al. 2021, arXiv 2106.12379). Followed by
    /// <c>new Alternator(module, optimizer, totalSteps)</c>.
    /// </summary>
    AcDc,

    /// <summary>
    /// The largest at each forward pass, while gradients reach a larger set (Top-KAST, Jayakumar et al. 2020, arXiv 2106.03517). For unstructured
    /// layers and blocks; on a class it passes over N:M. Followed by <c>module.ReparametriseAsDeclared()</c>.
    /// </summary>
    TopKast,

    /// <summary>
    /// The N largest of every M at each forward pass, while gradients reach all (SR-STE, Zhou et al. 2021, arXiv 2102.04010). For N:M layers; on a class it
    /// passes over all others. Followed by <c>module.ReparametriseAsDeclared()</c>.
    /// </summary>
    SRSte,
}
