namespace KernelGen.Dispatch;

/// <summary>A kind of processor for which the cost model has figures of its own.</summary>
internal enum ProcessorKind
{
    /// <summary>AMD's Zen 4, and every processor that isn't known better.</summary>
    Zen4,

    /// <summary>Intel's: dense tiles do two multiply-adds a cycle also with vectors of 512 bits.</summary>
    Intel,
}
