using System;
using System.Collections.Generic;
using System.Linq;
using KernelGen.Generator.Model;

namespace KernelGen.Generator.Planning;

/// <summary>The activations of a compilation's layers.</summary>
/// <param name="Activations">Each once, in the order of the enum, then of their slopes.</param>
/// <param name="Namespace">The namespace of the emitted kernels.</param>
internal sealed record ActivationsInUse(EquatableArray<FusedActivation> Activations, string Namespace)
{
    /// <summary>The activations of all kinds; none where there is no kind.</summary>
    public static IEnumerable<ActivationsInUse> Of(IEnumerable<KindInUse> uses)
        => uses
            .GroupBy(use => use.Namespace)
            .Select(group => new ActivationsInUse(
                group.Select(use => use.Kind.Fused).Distinct()
                    .OrderBy(fused => fused.Activation).ThenBy(fused => fused.TypeName, StringComparer.Ordinal).ToEquatableArray(),
                group.Key));
}
