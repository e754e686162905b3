using System.Collections.Generic;
using System.Linq;
using KernelGen.Generator.Model;

namespace KernelGen.Generator.Planning;

/// <summary>That a compilation has a model whose gradients are emitted.</summary>
/// <param name="Namespace">The namespace of the emitted kernels.</param>
internal sealed record TrainingInUse(string Namespace)
{
    /// <summary>One at most, whatever the number of models.</summary>
    public static IEnumerable<TrainingInUse> Of(IEnumerable<ModelSpec> models)
        => models.Where(model => model.Training).Select(model => new TrainingInUse(KernelNamespace.Of(model.AssemblyName))).Distinct();
}
