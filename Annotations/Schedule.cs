namespace KernelGen;

/// <summary>How sparsity grows over the run, between <see cref="PruneAttribute.Begin"/> and <see cref="PruneAttribute.End"/>.</summary>
public enum Schedule
{
    /// <summary>s_t = s_f (1 - (1 - progress)^3): fast at first, slow at the end (Zhu and Gupta 2017, arXiv 1710.01878).</summary>
    Cubic,

    /// <summary>s_t = s_f * progress.</summary>
    Linear,

    /// <summary>The whole target at once, at <see cref="PruneAttribute.Begin"/>.</summary>
    OneShot,

    /// <summary>The whole target from the first step to the last: sparse training from scratch.</summary>
    Constant,

    /// <summary>
    /// 1 - s_t = (1 - s_f)^progress: every update prunes the same fraction of what is left, as iterative magnitude pruning does
    /// (Frankle and Carbin 2019, arXiv 1803.03635).
    /// </summary>
    Exponential,

    /// <summary>s_t = s_f (1 - cos(pi * progress)) / 2: slow at both ends.</summary>
    Cosine,

    /// <summary>The same part of the target at each of <see cref="PruneAttribute.Steps"/>, and nothing between them.</summary>
    MultiStep,
}
