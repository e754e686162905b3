using KernelGen.Formats;

namespace KernelGen.Runtime.Tests;

/// <summary>Packs made meanwhile have as many parts as their rows allow, up to the most that there may be.</summary>
internal sealed class SmallParts : IDisposable
{
    private readonly int _before = RowParts.LeastWeights;

    private SmallParts() => RowParts.LeastWeights = 1;

    public static SmallParts Install() => new();

    public void Dispose() => RowParts.LeastWeights = _before;
}
