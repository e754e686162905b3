namespace KernelGen.Serialization;

/// <summary>
/// The names that a model file uses. A layer Fc1 has Fc1.bias and either Fc1.weight, dense [out, in], or Fc1.values, the active
/// weights in row order, with Fc1.mask. The metadata says under a tensor's own name how to read it: a mask's shape and format
/// ("300x784 rice 4"), or that every element of a dense tensor is active ("full").
/// </summary>
internal static class TensorNames
{
    public const string VersionKey = "kernelgen.version";
    public const string Version = "1";
    public const string Full = "full";

    public static string Weight(LayerDescriptor layer) => layer.Name + ".weight";

    public static string Values(LayerDescriptor layer) => layer.Name + ".values";

    public static string Mask(LayerDescriptor layer) => layer.Name + ".mask";

    public static string Bias(LayerDescriptor layer) => layer.Name + ".bias";
}
