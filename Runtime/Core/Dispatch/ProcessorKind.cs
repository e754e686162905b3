namespace KernelGen.Dispatch;

/// <summary>A kind of processor for which the cost model has figures of its own.</summary>
internal enum ProcessorKind
{
    /// <summary>AMD's Zen 4, and every processor that isn't known better.</summary>
    Zen4,

    /// <summary>Intel's Xeons from Ice Lake on: they start two multiply-adds of 512 bits a cycle, where Zen 4 starts one.</summary>
    Xeon,
}
