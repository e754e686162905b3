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

    /// <summary>A latency kernel may load whole vectors of its sample: what lies behind the inputs must be zero.</summary>
    /// <param name="x">The sample.</param>
    /// <param name="inputs">Its inputs.</param>
    /// <param name="padded">The inputs that the format pads them to.</param>
    public static void CheckPadding(float* x, int inputs, int padded)
    {
        const int VectorFloats = 16;
        for (var k = inputs; k < (padded + VectorFloats - 1) / VectorFloats * VectorFloats; k++)
        {
            if (x[k] != 0)
            {
                throw new InvalidOperationException($"Input {k} is padding but holds {x[k]}.");
            }
        }
    }
}
