using KernelGen.Torch;
using TorchSharp;

namespace KernelGen.Benchmarks.Peers;

/// <summary>Makes libtorch usable, and keeps it on one thread.</summary>
internal static class TorchThreads
{
    /// <summary>Why libtorch can't be used here; null where it can.</summary>
    public static string? Missing
    {
        get
        {
            try
            {
                UseOne();
                return null;
            }
            catch (Exception absent) when (absent is DllNotFoundException or TypeInitializationException or NotSupportedException)
            {
                // TorchSharp's own loader says it in a static constructor.
                return absent.GetBaseException().Message.Trim().Split('\n')[0];
            }
        }
    }

    public static void UseOne()
    {
        LibTorch.EnsureLoadable();
        torch.set_num_threads(1);
    }
}
