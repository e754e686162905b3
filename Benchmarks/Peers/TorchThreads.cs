using KernelGen.Torch;
using TorchSharp;

namespace KernelGen.Benchmarks.Peers;

/// <summary>Makes libtorch usable, and keeps it on one thread.</summary>
internal static class TorchThreads
{
    public static void UseOne()
    {
        LibTorch.EnsureLoadable();
        torch.set_num_threads(1);
    }
}
