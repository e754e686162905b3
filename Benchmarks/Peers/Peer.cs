namespace KernelGen.Benchmarks.Peers;

/// <summary>Another library's way to compute a <see cref="Product"/>, on one thread.</summary>
internal abstract class Peer
{
    /// <summary>What a table calls it.</summary>
    public abstract string Name { get; }

    /// <summary>Whether it multiplies the zeros too: the fastest of these is the baseline.</summary>
    public abstract bool IsDense { get; }

    /// <summary>Why it can't run on this machine, with the remedy; null where it can.</summary>
    public virtual string? Missing => null;

    /// <summary>Whether it is meant for a product of this size.</summary>
    public virtual bool Takes(Product product) => true;

    /// <summary>Does what a program does once for its weights, such as packing them.</summary>
    public abstract IPreparedProduct Prepare(Product product);
}
