using System;
using System.Collections.Immutable;
using System.Linq;
using System.Text;
using System.Threading;
using KernelGen.Generator.Diagnostics;
using KernelGen.Generator.Emission;
using KernelGen.Generator.Emission.Cpu;
using KernelGen.Generator.Model;
using KernelGen.Generator.Parsing;
using KernelGen.Generator.Planning;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace KernelGen.Generator;

/// <summary>Emits a model's members for each [SparseModel] class and the kernels of its layers, and reports what is wrong.</summary>
/// <remarks>
/// No analyzer reports it: where declarations have errors, such as a partial property that nothing implements, the compiler
/// stops before it asks analyzers, and the user would read of the consequence alone.
/// </remarks>
[Generator(LanguageNames.CSharp)]
public sealed class KernelGenerator : IIncrementalGenerator
{
    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        var marked = context.SyntaxProvider.ForAttributeWithMetadataName(
            AttributeNames.InFull(AttributeNames.SparseModel),
            static (node, _) => node is TypeDeclarationSyntax,
            static (attributed, cancellation) => ModelParser.Parse(attributed, cancellation));
        var layers = Strays(context, AttributeNames.Linear);
        ReportProblems(context, marked);
        ReportProblems(context, layers);
        foreach (var name in AttributeNames.BesideLinear)
        {
            ReportProblems(context, Strays(context, name));
        }

        var models = Models(marked, TrackingNames.Model);
        var unmarked = Models(layers, TrackingNames.Unmarked);
        var ambiguous = AmbiguousNames(models, unmarked);
        EmitModels(context, models, ambiguous);
        EmitModels(context, unmarked, ambiguous);
        EmitKernels(context, models.Where(static model => model.Stub is null));
        GpuGeneration.Register(context, models.Where(static model => model.Stub is null), ambiguous);
    }

    private static IncrementalValuesProvider<Parsed> Strays(IncrementalGeneratorInitializationContext context, string attribute)
        => context.SyntaxProvider.ForAttributeWithMetadataName(
            AttributeNames.InFull(attribute),
            static (node, _) => StrayAttributes.CanBeAt(node),
            static (attributed, cancellation) => StrayAttributes.Parse(attributed, cancellation));

    private static IncrementalValuesProvider<ModelSpec> Models(IncrementalValuesProvider<Parsed> parsed, string trackingName)
        => parsed
            .Where(static parsed => parsed.Model is not null)
            .Select(static (parsed, _) => parsed.Model!)
            .WithTrackingName(trackingName);

    private static void ReportProblems(
        IncrementalGeneratorInitializationContext context, IncrementalValuesProvider<Parsed> parsed)
    {
        var folder = context.AnalyzerConfigOptionsProvider.Select(static (options, _) => Reporter.PagesFolder(options));
        var problems = parsed
            .SelectMany(static (parsed, _) => parsed.Problems)
            .WithTrackingName(TrackingNames.Problem)
            .Combine(folder);
        context.RegisterSourceOutput(
            problems, static (context, pair) => context.ReportDiagnostic(Reporter.Diagnose(pair.Left, pair.Right)));
    }

    private static IncrementalValueProvider<EquatableArray<string>> AmbiguousNames(
        IncrementalValuesProvider<ModelSpec> models, IncrementalValuesProvider<ModelSpec> unmarked)
        => HintNamesOf(models)
            .Combine(HintNamesOf(unmarked))
            .Select(static (names, _) => HintNames.Ambiguous(names.Left.Concat(names.Right)))
            .WithTrackingName(TrackingNames.AmbiguousNames);

    private static IncrementalValueProvider<ImmutableArray<string>> HintNamesOf(IncrementalValuesProvider<ModelSpec> models)
        => models.Select(static (model, _) => model.HintName).Collect();

    private static void EmitModels(
        IncrementalGeneratorInitializationContext context,
        IncrementalValuesProvider<ModelSpec> models,
        IncrementalValueProvider<EquatableArray<string>> ambiguous)
    {
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
        // compares by position. The table of a kind that two models share is thus written twice and added once.
        var kinds = models
            .SelectMany(static (model, _) => KindInUse.Of(model))
            .WithTrackingName(TrackingNames.Kind);

        var tables = kinds
            .Select(static (use, _) => TableEmitter.Emit(use))
            .WithTrackingName(TrackingNames.Table)
            .Collect()
            .SelectMany(static (files, _) => Distinct(files))
            .WithTrackingName(TrackingNames.TableFile);
        context.RegisterSourceOutput(tables, AddFile);

        var allKinds = kinds.Collect();
        var kernels = allKinds
            .SelectMany(static (uses, _) => KernelClass.Of(uses))
            .WithTrackingName(TrackingNames.KernelClass)
            .Select(static (kernels, _) => CpuKernelFile.Emit(kernels))
            .WithTrackingName(TrackingNames.KernelFile);
        context.RegisterSourceOutput(kernels, AddFile);

        var shapes = allKinds
            .SelectMany(static (uses, _) => InUse.Shapes(uses))
            .Select(static (use, _) => ShapeEmitter.Emit(use))
            .WithTrackingName(TrackingNames.Shapes);
        context.RegisterSourceOutput(shapes, AddFile);

        var training = models
            .Collect()
            .SelectMany(static (models, _) => TrainingInUse.Of(models))
            .WithTrackingName(TrackingNames.Training)
            .SelectMany(static (use, _) => WeightGradientEmitter.Emit(use))
            .WithTrackingName(TrackingNames.TrainingFile);
        context.RegisterSourceOutput(training, AddFile);

        var activations = allKinds
            .SelectMany(static (uses, _) => InUse.Activations(uses.Where(static use => use.Kind.Fused.HasParameter)))
            .Select(static (use, _) => FusedActivationEmitter.Emit(use))
            .WithTrackingName(TrackingNames.Activations);
        context.RegisterSourceOutput(activations, AddFile);
    }

    internal static ImmutableArray<GeneratedFile> Distinct(ImmutableArray<GeneratedFile> files)
        => files
            .GroupBy(static file => file.HintName, StringComparer.Ordinal)
            .Select(static same => same.First())
            .OrderBy(static file => file.HintName, StringComparer.Ordinal)
            .ToImmutableArray();

    internal static void AddFile(SourceProductionContext context, GeneratedFile file)
        => context.AddSource(file.HintName, SourceText.From(file.Text, Encoding.UTF8));
}
