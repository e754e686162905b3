using System.Linq;
using KernelGen.Generator.Emission;
using KernelGen.Generator.Emission.Gpu;
using KernelGen.Generator.Model;
using KernelGen.Generator.Planning;
using Microsoft.CodeAnalysis;

namespace KernelGen.Generator;

/// <summary>The pipeline's part for GPUs: nothing is emitted but where the compilation references KernelGen.Gpu.</summary>
internal static class GpuGeneration
{
    private const string Assembly = "KernelGen.Gpu";

    public static void Register(
        IncrementalGeneratorInitializationContext context,
        IncrementalValuesProvider<ModelSpec> models,
        IncrementalValueProvider<EquatableArray<string>> ambiguous)
    {
        // Asked anew at each edit, but its answer is a bool: what depends on it stays cached.
        var isReferenced = context.CompilationProvider
            .Select(static (compilation, _) => compilation.ReferencedAssemblyNames.Any(static name => name.Name == Assembly))
            .WithTrackingName(GpuTrackingNames.IsReferenced);
        var gpuModels = models
            .Combine(isReferenced)
            .Where(static pair => pair.Right)
            .Select(static (pair, _) => pair.Left);

        var modelFiles = gpuModels
            .Combine(ambiguous)
            .Select(static (pair, _) => GpuModelEmitter.Emit(pair.Left, HintNames.Unique(pair.Left.HintName, pair.Right)))
            .WithTrackingName(GpuTrackingNames.ModelFile);
        context.RegisterSourceOutput(modelFiles, KernelGenerator.AddFile);

        var kinds = gpuModels
            // Gradients aren't emitted for GPUs yet.
            .SelectMany(static (model, _) => KindInUse.Of(model with { Training = false }))
            .WithTrackingName(GpuTrackingNames.Kind);
        var kernels = kinds
            .Select(static (use, _) => GpuKernelFile.Emit(use.Kind, use.Namespace))
            .WithTrackingName(GpuTrackingNames.Kernels)
            .Collect()
            .SelectMany(static (files, _) => KernelGenerator.Distinct(files))
            .WithTrackingName(GpuTrackingNames.KernelFile);
        context.RegisterSourceOutput(kernels, KernelGenerator.AddFile);

        var shared = kinds
            .Collect()
            .SelectMany(static (uses, _) => InUse.Activations(uses))
            .SelectMany(static (use, _) => GpuSharedEmitter.Emit(use))
            .WithTrackingName(GpuTrackingNames.Shared);
        context.RegisterSourceOutput(shared, KernelGenerator.AddFile);
    }
}
