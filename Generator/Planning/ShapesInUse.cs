using System.Collections.Generic;
using System.Linq;
using KernelGen.Generator.Model;

namespace KernelGen.Generator.Planning;

/// <summary>The shapes of a compilation's layers.</summary>
/// <param name="Shapes">Each once: outputs and inputs, in ascending order.</param>
/// <param name="Namespace">The namespace of the emitted kernels.</param>
internal sealed record ShapesInUse(EquatableArray<LayerShape> Shapes, string Namespace)
{
    /// <summary>The shapes of all kinds; none where there is no kind.</summary>
    public static IEnumerable<ShapesInUse> Of(IEnumerable<KindInUse> uses)
        => uses
            .GroupBy(use => use.Namespace)
            .Select(group => new ShapesInUse(
                group.Select(use => use.Kind.Shape).Distinct().OrderBy(shape => shape.Out).ThenBy(shape => shape.In).ToEquatableArray(),
                group.Key));
}
