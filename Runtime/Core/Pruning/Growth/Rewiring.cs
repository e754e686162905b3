namespace KernelGen.Pruning;

/// <summary>
/// How masks change at a constant number of active weights: every so many steps some active weights of a layer, near 0, are pruned, and as many others
/// become active.
/// </summary>
/// <param name="Growth">Chooses the weights that become active.</param>
/// <param name="Share">The share of a layer's active weights that is replaced, in [0, 1].</param>
/// <param name="Every">Steps between two updates, at least 1.</param>
/// <param name="End">Where in the run, as a fraction, updates end.</param>
/// <param name="Decay">How the share falls to 0 until then; null where it stays.</param>
public sealed record Rewiring(IGrowth Growth, double Share = 0.3, int Every = 100, double End = 0.75, ISchedule? Decay = null)
{
    /// <summary>Which weights make way.</summary>
    public Removal Removal { get; init; }

    /// <summary>
    /// Whether unstructured layers exchange weights: what they lose together grows in proportion to the mean |gradient| of their active weights. Layers
    /// of blocks and N:M layers keep their counts. In sparse training a layer takes no more than its parameters have
    /// room for. It needs a growth rule that needs the gradient.
    /// </summary>
    public bool Redistributes { get; init; }

    /// <summary>RigL (Evci et al. 2020, arXiv 1911.11134): grows where the gradient is largest; the share falls as a cosine.</summary>
    /// <param name="share">The share at the beginning.</param>
    /// <param name="every">Steps between two updates.</param>
    public static Rewiring RigL(double share = 0.3, int every = 100) => new(new GradientGrowth(), share, every, Decay: new CosineSchedule());

    /// <summary>
    /// SET (Mocanu et al. 2018, arXiv 1707.04780): the smallest positive and the largest negative weights make way for others by chance, to the end of
    /// the run.
    /// </summary>
    /// <param name="share">The share.</param>
    /// <param name="every">Steps between two updates; its authors take an epoch.</param>
    public static Rewiring Set(double share = 0.3, int every = 100) => new(new RandomGrowth(), share, every, End: 1) { Removal = Removal.SmallestOfEachSign };

    /// <summary>
    /// SNFS, sparse momentum (Dettmers and Zettlemoyer 2019, arXiv 1907.04840): grows where the mean of the dense gradient is largest, and moves weights
    /// to the layers whose active weights have the largest ones; the share falls as a cosine, to the end of the run.
    /// </summary>
    /// <param name="share">The share at the beginning.</param>
    /// <param name="every">Steps between two updates; its authors take an epoch.</param>
    public static Rewiring Snfs(double share = 0.5, int every = 100) => new(new MomentumGrowth(), share, every, End: 1, Decay: new CosineSchedule()) { Redistributes = true };

    /// <summary>What a <see cref="GrowAttribute"/> declares.</summary>
    /// <param name="settings">The declaration.</param>
    /// <exception cref="ArgumentException">It is no rewiring (<see cref="KernelGen.Growth.AcDc"/> and those after it), or unknown.</exception>
    public static Rewiring From(GrowSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var rewiring = settings.Growth switch
        {
            KernelGen.Growth.Set => Set(settings.Share, settings.Every),
            KernelGen.Growth.RigL => RigL(settings.Share, settings.Every),
            KernelGen.Growth.Snfs => Snfs(settings.Share, settings.Every),
            KernelGen.Growth.AcDc or KernelGen.Growth.TopKast or KernelGen.Growth.SRSte
                => throw new ArgumentException($"Growth.{settings.Growth} doesn't replace weights at a constant number, as a rewiring does; take Set, RigL or Snfs.", nameof(settings)),
            _ => throw new ArgumentException($"The growth rule {settings.Growth} is unknown.", nameof(settings)),
        };
        return rewiring with { End = settings.End };
    }

    /// <summary>Whether masks change after a number of finished steps.</summary>
    /// <param name="step">Finished optimiser steps.</param>
    /// <param name="totalSteps">Steps of the whole run.</param>
    public bool IsUpdateStep(long step, long totalSteps) => step > 0 && step % Every == 0 && step < LastStep(totalSteps);

    /// <summary>The share that is replaced after a number of finished steps.</summary>
    /// <param name="step">Finished optimiser steps.</param>
    /// <param name="totalSteps">Steps of the whole run.</param>
    public double ShareAt(long step, long totalSteps)
        => Share * (1 - (Decay?.Share(Math.Clamp(step / Math.Max(1.0, LastStep(totalSteps)), 0, 1)) ?? 0));

    // What grows at the very end would never be trained.
    private long LastStep(long totalSteps) => Count.Nearest(End * totalSteps);
}
