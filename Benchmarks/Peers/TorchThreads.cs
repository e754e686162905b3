using KernelGen.Torch;
using TorchSharp;

namespace KernelGen.Benchmarks.Peers;

/// <summary>Makes libtorch usable, and keeps it on one thread.</summary>
internal static class TorchThreads
{
    /// <summary>Why libtorch can't be used here, or null where it can.</summary>
    public static string? Missing
    {
        get
        {
            try
            {
                LibTorch.EnsureLoadable();
                return null;
            }
            catch (DllNotFoundException absent)
            {
                return absent.Message;
            }
        }
    }

    public static void UseOne()
    {
        LibTorch.EnsureLoadable();
        torch.set_num_threads(1);
    }
}
