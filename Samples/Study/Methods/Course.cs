using KernelGen.Torch;
using static TorchSharp.torch;

namespace Study.Methods;

/// <summary>What a method does in the course of a run, beside the loop.</summary>
internal sealed record Course
{
    /// <summary>Nothing.</summary>
    public static Course None { get; } = new();

    /// <summary>After each optimiser step.</summary>
    public Action? AfterStep { get; init; }

    /// <summary>What is added to the loss.</summary>
    public Func<Tensor>? Penalty { get; init; }

    /// <summary>After the last step, before the module is measured.</summary>
    public Action? Finish { get; init; }

    /// <summary>The pruner whose sums a checkpoint holds, where there is one.</summary>
    public Pruner? Pruner { get; init; }
}
