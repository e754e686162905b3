using System;
using System.Collections.Generic;
using System.Linq;
using KernelGen.Generator.Model;

namespace KernelGen.Generator.Planning.Gpu;

/// <summary>The activations of models whose gradients are emitted for GPUs.</summary>
internal static class GpuTrainingInUse
{
    /// <summary>Each activation once, in the order of the enum, then of their slopes; nothing where no model is marked for training.</summary>
    public static IEnumerable<InUse<FusedActivation>> Activations(IEnumerable<ModelSpec> models)
        => models
            .Where(model => model.Training)
            .GroupBy(model => KernelNamespace.Of(model.AssemblyName))
            .Select(group => new InUse<FusedActivation>(
                group.SelectMany(model => model.Layers)
                    .Select(layer => LayerPlan.Of(layer).Dense.Fused)
                    .Where(fused => fused.Activation != Activation.None)
                    .Distinct()
                    .OrderBy(fused => fused.Activation)
                    .ThenBy(fused => fused.TypeName, StringComparer.Ordinal)
                    .ToEquatableArray(),
                group.Key))
            .Where(use => use.Values.Count > 0);
}
