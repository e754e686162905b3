using TorchSharp;
using static TorchSharp.torch;

namespace KernelGen.Torch;

/// <summary>Copies between tensors, on any device and of any type, and managed arrays.</summary>
internal static class TensorData
{
    /// <summary>Reads a tensor in row-major order.</summary>
    public static T[] Read<T>(Tensor tensor, ScalarType type)
        where T : unmanaged
    {
        using var scope = NewDisposeScope();
        return tensor.detach().to(type, CPU).contiguous().data<T>().ToArray();
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
