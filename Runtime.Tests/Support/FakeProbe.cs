using KernelGen.Formats;

namespace KernelGen.Runtime.Tests;

/// <summary>What fake kernels tell a test.</summary>
internal static unsafe class FakeProbe
{
    [ThreadStatic]
    private static Action? s_onKernel;

    /// <summary>Called whenever a fake kernel starts on this thread.</summary>
    public static Action? OnKernel
    {
        get => s_onKernel;
        set => s_onKernel = value;
    }

    public static void CheckAligned(float* first, float* second)
    {
        if (((nint)first | (nint)second) % AlignedBuffer.Alignment != 0)
        {
            throw new InvalidOperationException("A buffer isn't aligned.");
        }
    }
}
