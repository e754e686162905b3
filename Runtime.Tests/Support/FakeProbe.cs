using KernelGen.Formats;

namespace KernelGen.Runtime.Tests;

/// <summary>What fake kernels tell a test.</summary>
internal static unsafe class FakeProbe
{
    /// <summary>Called whenever a fake kernel starts.</summary>
    public static Action? OnKernel { get; set; }

    public static void CheckAligned(float* first, float* second)
    {
        if (((nint)first | (nint)second) % AlignedBuffer.Alignment != 0)
        {
            throw new InvalidOperationException("A buffer isn't aligned.");
        }
    }
}
