using System.Linq;
using KernelGen.Generator.Emission;
using KernelGen.Generator.Emission.Gpu;
using KernelGen.Generator.Model;
using KernelGen.Generator.Planning;
using KernelGen.Generator.Planning.Gpu;
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
        // Asked anew at each edit, but its answer is a name or none: what depends on it stays cached. It isn't a bool, for the reason why EquatableArray is a class.
        var reference = context.CompilationProvider
            .Select(static (compilation, _) => compilation.ReferencedAssemblyNames.FirstOrDefault(static name => name.Name == Assembly)?.Name ?? "")
            .WithTrackingName(GpuTrackingNames.Reference);
        var gpuModels = models
            .Combine(reference)
            .Where(static pair => pair.Right.Length > 0)
            .Select(static (pair, _) => pair.Left);

        var modelFiles = gpuModels
            .Combine(ambiguous)
            .Select(static (pair, _) => GpuModelEmitter.Emit(pair.Left, HintNames.Unique(pair.Left.HintName, pair.Right)))
            .WithTrackingName(GpuTrackingNames.ModelFile);
        context.RegisterSourceOutput(modelFiles, KernelGenerator.AddFile);

        var kinds = gpuModels
            .SelectMany(static (model, _) => GpuKindInUse.Of(model))
            .WithTrackingName(GpuTrackingNames.Kind);
        var kernels = kinds
            .Select(static (use, _) => GpuKernelFile.Emit(use))
            .WithTrackingName(GpuTrackingNames.Kernels)
            .Collect()
            .SelectMany(static (files, _) => KernelGenerator.Distinct(files))
            .WithTrackingName(GpuTrackingNames.KernelFile);
        context.RegisterSourceOutput(kernels, KernelGenerator.AddFile);

        var sampled = gpuModels
            .SelectMany(static (model, _) => GpuSampledInUse.Of(model))
            .WithTrackingName(GpuTrackingNames.Sampled)
            .Select(static (use, _) => GpuSampledFile.Emit(use))
            .Collect()
            .SelectMany(static (files, _) => KernelGenerator.Distinct(files))
            .WithTrackingName(GpuTrackingNames.SampledFile);
        context.RegisterSourceOutput(sampled, KernelGenerator.AddFile);

        var training = gpuModels
            .Collect()
            .SelectMany(static (models, _) => GpuTrainingInUse.Activations(models))
            .WithTrackingName(GpuTrackingNames.Training)
            .SelectMany(static (use, _) => new[] { GpuSlopeEmitter.Emit(use), GpuElementwiseEmitter.Emit(use) })
            .WithTrackingName(GpuTrackingNames.TrainingFile);
        context.RegisterSourceOutput(training, KernelGenerator.AddFile);

        var shared = kinds
            .Collect()
            .SelectMany(static (uses, _) => InUse.Activations(uses.Select(static use => new KindInUse(use.Kind, use.Namespace))))
            .SelectMany(static (use, _) => GpuSharedEmitter.Emit(use))
            .WithTrackingName(GpuTrackingNames.Shared);
        context.RegisterSourceOutput(shared, KernelGenerator.AddFile);
    }
}
