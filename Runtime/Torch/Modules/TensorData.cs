using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace KernelGen.Torch;

/// <summary>Copies between tensors, on any device and of any type, and managed arrays.</summary>
internal static class TensorData
{
    /// <summary>A tensor's own memory: contiguous 32-bit floats on the processor. Nothing of what is written there is known to autograd.</summary>
    public static Span<float> Span(Tensor tensor) => MemoryMarshal.Cast<byte, float>(tensor.bytes);

    /// <summary>Tells autograd that a tensor's memory was written to: a backward pass of what was computed before then fails, as it must.</summary>
    public static void MarkChanged(Tensor tensor)
    {
        using var withoutGradient = no_grad();
        // A parameter may be a number without dimensions: a threshold.
        using var flat = tensor.view(-1);
        using var nothing = flat.narrow(0, 0, 0);
        nothing.zero_();
    }

    /// <summary>Reads a tensor in row-major order.</summary>
    public static T[] Read<T>(Tensor tensor, ScalarType type)
        where T : unmanaged
    {
        using var scope = NewDisposeScope();
        // TorchSharp's own ToArray goes from element to element.
        return MemoryMarshal.Cast<byte, T>(tensor.detach().to(type, CPU).contiguous().bytes).ToArray();
    }

    /// <summary>Reads floats in row-major order.</summary>
    public static float[] Floats(Tensor tensor) => Read<float>(tensor, ScalarType.Float32);

    /// <summary>Reads a mask in row-major order.</summary>
    public static bool[] Bools(Tensor tensor) => Read<bool>(tensor, ScalarType.Bool);

    /// <summary>Overwrites a tensor, in place and out of sight of autograd.</summary>
    public static void Write(Tensor target, Array values)
    {
        using var withoutGradient = no_grad();
        using var scope = NewDisposeScope();
        target.copy_(from_array(values).reshape(target.shape));
    }
}
