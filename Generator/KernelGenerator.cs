using System;
using System.Collections.Immutable;
using System.Linq;
using System.Text;
using System.Threading;
using KernelGen.Generator.Emission;
using KernelGen.Generator.Model;
using KernelGen.Generator.Parsing;
using KernelGen.Generator.Planning;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace KernelGen.Generator;

/// <summary>Emits a model's members for each [SparseModel] class, and the kernels of its layers.</summary>
[Generator(LanguageNames.CSharp)]
public sealed class KernelGenerator : IIncrementalGenerator
{
    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        var models = context.SyntaxProvider
            .ForAttributeWithMetadataName(
                AttributeNames.SparseModelInFull,
                static (node, _) => node is TypeDeclarationSyntax,
                static (attributed, cancellation) => ModelParser.Parse(attributed, cancellation))
            .Where(static model => model is not null)
            .Select(static (model, _) => model!)
            .WithTrackingName(TrackingNames.Model);

        EmitModels(context, models);
        EmitKernels(context, models.Where(static model => model.Stub is null));
    }

    private static void EmitModels(
        IncrementalGeneratorInitializationContext context, IncrementalValuesProvider<ModelSpec> models)
    {
        var ambiguous = models
            .Select(static (model, _) => model.HintName)
            .Collect()
            .Select(static (names, _) => HintNames.Ambiguous(names))
            .WithTrackingName(TrackingNames.AmbiguousNames);

        var files = models
            .Combine(ambiguous)
            .Select(static (pair, _) => ModelEmitter.Emit(pair.Left, HintNames.Unique(pair.Left.HintName, pair.Right)))
            .WithTrackingName(TrackingNames.ModelFile);
        context.RegisterSourceOutput(files, AddFile);
    }

    private static void EmitKernels(
        IncrementalGeneratorInitializationContext context, IncrementalValuesProvider<ModelSpec> models)
    {
        // Kinds go model by model, not through one sorted list: there, a new kind would move all that follow, and the engine
        // compares by position. A kind that two models share is thus written twice and added once.
        var kinds = models
            .SelectMany(static (model, _) => KindInUse.Of(model))
            .WithTrackingName(TrackingNames.Kind);

        var kernels = kinds
            .Select(static (use, _) => KernelEmitter.Emit(use.Kind, use.Namespace).ToEquatableArray())
            .WithTrackingName(TrackingNames.Kernels)
            .Collect()
            .SelectMany(static (files, _) => Distinct(files))
            .WithTrackingName(TrackingNames.KernelFile);
        context.RegisterSourceOutput(kernels, AddFile);

        var shared = kinds
            .Collect()
            .SelectMany(static (uses, _) => ActivationsInUse.Of(uses))
            .WithTrackingName(TrackingNames.Activations)
            .SelectMany(static (use, _) => SharedEmitter.Emit(use.Activations, use.Namespace))
            .WithTrackingName(TrackingNames.Shared);
        context.RegisterSourceOutput(shared, AddFile);
    }

    private static ImmutableArray<GeneratedFile> Distinct(ImmutableArray<EquatableArray<GeneratedFile>> files)
        => files
            .SelectMany(static group => group)
            .GroupBy(static file => file.HintName, StringComparer.Ordinal)
            .Select(static same => same.First())
            .OrderBy(static file => file.HintName, StringComparer.Ordinal)
            .ToImmutableArray();

    private static void AddFile(SourceProductionContext context, GeneratedFile file)
        => context.AddSource(file.HintName, SourceText.From(file.Text, Encoding.UTF8));
}
