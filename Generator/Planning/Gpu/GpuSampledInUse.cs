using System.Collections.Generic;
using System.Linq;
using KernelGen.Generator.Model;

namespace KernelGen.Generator.Planning.Gpu;

/// <summary>Weight gradients that a model needs on a GPU: shape and pattern, without activation.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Namespace">The namespace of the emitted kernels.</param>
internal sealed record GpuSampledInUse(KernelKind Kind, string Namespace)
{
    /// <summary>Those of a model, each once, in the order of its layers; none where it isn't marked for training.</summary>
    public static IEnumerable<GpuSampledInUse> Of(ModelSpec model)
        => model.Layers
            .Where(_ => model.Training)
            .Select(KindOf)
            .Distinct()
            .Select(kind => new GpuSampledInUse(kind, KernelNamespace.Of(model.AssemblyName)));

    /// <summary>What of a layer its weight gradient depends on.</summary>
    public static KernelKind KindOf(LayerSpec layer)
    {
        var plan = LayerPlan.Of(layer with { Activation = Activation.None });
        return plan.Sparse ?? plan.Dense;
    }
}
