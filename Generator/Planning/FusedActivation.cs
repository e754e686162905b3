using System;
using System.Collections.Generic;
using System.Linq;

namespace KernelGen.Generator.Planning;

/// <summary>An activation as kernels fuse it.</summary>
/// <param name="Activation">The function.</param>
/// <param name="NegativeSlope">LeakyRelu's slope; 0 for all others.</param>
internal sealed record FusedActivation(Activation Activation, float NegativeSlope)
{
    /// <summary>No activation.</summary>
    public static FusedActivation None { get; } = new(Activation.None, 0);

    /// <summary>Those that are the same for every layer, in the order of the enum.</summary>
    public static IEnumerable<FusedActivation> WithoutParameters
        => Enum.GetValues(typeof(Activation)).Cast<Activation>().Select(activation => new FusedActivation(activation, 0)).Where(fused => !fused.HasParameter);

    /// <summary>Whether layers give it a number of their own.</summary>
    public bool HasParameter => Activation == Activation.LeakyRelu;

    /// <summary>Whether its slope can't be told from its result, so that gradients need what it takes.</summary>
    public bool HidesSlope => Activation is Activation.Gelu or Activation.GeluTanh or Activation.Silu || this is { Activation: Activation.LeakyRelu, NegativeSlope: < 0 };

    /// <summary>The emitted type's name, such as "Relu".</summary>
    public string TypeName => Activation switch
    {
        Activation.None => "Identity",
        // Two slopes are two types: the bits of the slope keep their names apart.
        Activation.LeakyRelu => $"LeakyRelu{BitConverter.ToInt32(BitConverter.GetBytes(NegativeSlope), 0):X8}",
        _ => Activation.ToString(),
    };
}
