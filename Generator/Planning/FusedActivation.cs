using System;

namespace KernelGen.Generator.Planning;

/// <summary>An activation as kernels fuse it.</summary>
/// <param name="Activation">The function.</param>
/// <param name="NegativeSlope">LeakyRelu's slope; 0 for all others.</param>
internal sealed record FusedActivation(Activation Activation, float NegativeSlope)
{
    /// <summary>The emitted type's name, such as "Relu".</summary>
    public string TypeName => Activation switch
    {
        Activation.None => "Identity",
        // Two slopes are two types: the bits of the slope keep their names apart.
        Activation.LeakyRelu => $"LeakyRelu{BitConverter.ToInt32(BitConverter.GetBytes(NegativeSlope), 0):X8}",
        _ => Activation.ToString(),
    };
}
