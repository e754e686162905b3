using System.Collections.Generic;
using System.Linq;
using KernelGen.Generator.Model;

namespace KernelGen.Generator.Planning.Gpu;

/// <summary>A kind of products with activations that a model needs on a GPU: forward, or an input gradient.</summary>
/// <param name="Kind">The kind; of an input gradient that of W^T.</param>
/// <param name="Slope">The activation by whose slope an input gradient is multiplied, if any.</param>
/// <param name="Namespace">The namespace of the emitted kernels.</param>
internal sealed record GpuKindInUse(KernelKind Kind, FusedActivation Slope, string Namespace)
{
    /// <summary>The kinds of a model, each once, in the order of its layers.</summary>
    public static IEnumerable<GpuKindInUse> Of(ModelSpec model)
        => Enumerable.Range(0, model.Layers.Count)
            .SelectMany(i => OfLayer(model, i))
            .Distinct()
            .Select(part => new GpuKindInUse(part.Kind, part.Slope, KernelNamespace.Of(model.AssemblyName)));

    /// <summary>The activation before a layer.</summary>
    public static FusedActivation Before(ModelSpec model, int layer) => layer == 0 ? FusedActivation.None : LayerPlan.Of(model.Layers[layer - 1]).Dense.Fused;

    private static IEnumerable<(KernelKind Kind, FusedActivation Slope)> OfLayer(ModelSpec model, int index)
    {
        var layer = model.Layers[index];
        var forward = Kinds(LayerPlan.Of(layer));
        if (!model.Training)
        {
            return forward.Select(kind => (kind, FusedActivation.None));
        }

        var preactivation = LayerPlan.OfPreactivation(layer) is { } plan ? Kinds(plan) : [];
        return forward.Concat(preactivation).Select(kind => (kind, FusedActivation.None))
            .Concat(Kinds(LayerPlan.OfInputGradient(layer)).Select(kind => (kind, Before(model, index))));
    }

    private static IEnumerable<KernelKind> Kinds(LayerPlan plan) => plan.Sparse is null ? [plan.Dense] : [plan.Sparse, plan.Dense];
}
