using System;
using System.Collections.Generic;
using System.Linq;
using KernelGen.Generator.Model;

namespace KernelGen.Generator.Planning;

/// <summary>What a compilation's layers have between them.</summary>
/// <param name="Values">Each once, in an order of their own.</param>
/// <param name="Namespace">The namespace of the emitted kernels.</param>
internal sealed record InUse<T>(EquatableArray<T> Values, string Namespace)
    where T : notnull;

/// <summary>Finds it in the kinds; nothing where there is no kind.</summary>
internal static class InUse
{
    /// <summary>In the order of the enum, then of their slopes.</summary>
    public static IEnumerable<InUse<FusedActivation>> Activations(IEnumerable<KindInUse> uses)
        => Of(uses, kind => kind.Fused, all => all.OrderBy(fused => fused.Activation).ThenBy(fused => fused.TypeName, StringComparer.Ordinal));

    /// <summary>Outputs and inputs, in ascending order.</summary>
    public static IEnumerable<InUse<LayerShape>> Shapes(IEnumerable<KindInUse> uses)
        => Of(uses, kind => kind.Shape, all => all.OrderBy(shape => shape.Out).ThenBy(shape => shape.In));

    private static IEnumerable<InUse<T>> Of<T>(IEnumerable<KindInUse> uses, Func<KernelKind, T> part, Func<IEnumerable<T>, IEnumerable<T>> inOrder)
        where T : notnull
        => uses
            .GroupBy(use => use.Namespace)
            .Select(group => new InUse<T>(inOrder(group.Select(use => part(use.Kind)).Distinct()).ToEquatableArray(), group.Key));
}
