using System.Collections.Generic;
using System.Linq;
using KernelGen.Generator.Model;

namespace KernelGen.Generator.Planning;

/// <summary>A kind of kernels that a model needs.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Namespace">The namespace of the emitted kernels.</param>
internal sealed record KindInUse(KernelKind Kind, string Namespace)
{
    /// <summary>The kinds of a model, each once, in the order of its layers.</summary>
    public static IEnumerable<KindInUse> Of(ModelSpec model)
        => model.Layers
            .SelectMany(layer => LayerPlan.All(layer, model.Training))
            .SelectMany(plan => plan.Sparse is null ? new[] { plan.Dense } : [plan.Sparse, plan.Dense])
            .Distinct()
            .Select(kind => new KindInUse(kind, KernelNamespace.Of(model.AssemblyName)));
}
