using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using KernelGen.Generator.Diagnostics;
using KernelGen.Generator.Model;
using Microsoft.CodeAnalysis;

namespace KernelGen.Generator.Parsing;

/// <summary>Finds pruning that would silently do nothing, or other than what a layer says.</summary>
internal static class PruneRules
{
    private const string Sparsity = "Sparsity";

    /// <summary>Checks a model that is otherwise without errors.</summary>
    public static void Check(
        INamedTypeSymbol type,
        PruneSpec? ofModel,
        IReadOnlyList<ParsedLayer> layers,
        Problems problems,
        CancellationToken cancellation)
    {
        if (layers.All(layer => layer.Spec.Pattern is DenseSpec))
        {
            ReportPrune(
                AttributeReader.AllOf(type, cancellation),
                $"model '{type.Name}'",
                "no layer has a pattern; add [Unstructured], [NM] or [Block] to those that it should prune",
                problems);
        }

        if (ofModel is { Budget: not Budget.ByHand })
        {
            var counted = layers.Select(layer => layer.Spec).Where(layer => Target(layer.Pattern) is not null).ToList();
            CheckMinima(type, ofModel, counted, problems, cancellation);
        }

        foreach (var layer in layers)
        {
            Check(layer.Spec, ofModel, AttributeReader.AllOf(layer.Property, cancellation), problems);
        }
    }

    /// <summary>Reports units that a layer's pattern doesn't have, or its criterion can't rank.</summary>
    public static void CheckUnits(PruneSpec? ofModel, IReadOnlyList<ParsedLayer> layers, Problems problems, CancellationToken cancellation)
    {
        foreach (var layer in layers.Where(layer => layer.Spec.Pattern is not DenseSpec))
        {
            if ((layer.Spec.Prune ?? ofModel) is not { } prune)
            {
                continue;
            }

            // A layer's own [Prune] is at fault itself; the model's may be right for its other layers.
            var attributes = AttributeReader.AllOf(layer.Property, cancellation);
            Location At(Func<AttributeReader, Location> ofOwn) => layer.Spec.Prune is null
                ? attributes.First(attribute => AttributeNames.IsPattern(attribute.ClassName)).Location
                : ofOwn(attributes.First(attribute => attribute.ClassName == AttributeNames.Prune));
            if (layer.Spec.Pattern is NMSpec && prune.Unit != PruningUnit.Pattern)
            {
                problems.Report(Rules.UnitOfNM, At(own => own.LocationOf(nameof(PruneAttribute.Unit))), layer.Spec.Name, prune.Unit);
            }
            else if (WhyUnranked(layer.Spec.Pattern, prune) is { } reason)
            {
                problems.Report(Rules.UnitOfCriterion, At(own => own.LocationOf(0)), layer.Spec.Name, prune.Criterion, reason);
            }
        }
    }

    private static string? WhyUnranked(SparsitySpec pattern, PruneSpec prune) => prune.Criterion switch
    {
        Criterion.Activity or Criterion.Correlation when pattern is NMSpec
            => "it ranks whole outputs alone, which N:M doesn't have; choose another criterion",
        Criterion.Activity or Criterion.Correlation when prune.Unit == PruningUnit.Input
            => "it ranks whole outputs alone, not inputs; leave Unit unset, or choose another criterion",
        Criterion.Wanda when prune.Unit == PruningUnit.Output
            => "it compares weights within an output alone, and so can't rank outputs; choose another criterion or unit",
        _ => null,
    };

    private static void Check(
        LayerSpec layer, PruneSpec? ofModel, IReadOnlyList<AttributeReader> attributes, Problems problems)
    {
        var budget = ofModel?.Budget ?? Budget.ByHand;
        if (layer.Pattern is DenseSpec)
        {
            ReportPrune(
                attributes, $"layer '{layer.Name}'", "it has no pattern; add [Unstructured], [NM] or [Block]", problems);
        }
        else if (Target(layer.Pattern) is { } target && (layer.Prune ?? ofModel) is not null)
        {
            var pattern = attributes.First(attribute => AttributeNames.IsPattern(attribute.ClassName));
            if (budget != Budget.ByHand && pattern.Sets(Sparsity))
            {
                problems.Report(Rules.LayerSparsityIgnored, pattern.LocationOf(Sparsity), layer.Name, budget);
            }
            else if (budget == Budget.ByHand && target == 0)
            {
                problems.Report(
                    Rules.PrunesNothing,
                    pattern.LocationOf(Sparsity),
                    $"layer '{layer.Name}'", $"the Sparsity of its [{pattern.ShortName}] is 0; set it above 0");
            }
        }
    }

    /// <summary>Warns where what the layers of a budget keep at least is more than their model-wide total.</summary>
    private static void CheckMinima(
        INamedTypeSymbol type, PruneSpec settings, IReadOnlyList<LayerSpec> counted, Problems problems, CancellationToken cancellation)
    {
        const string PerLayer = nameof(PruneAttribute.MinimumPerLayer);
        const string PerOutput = nameof(PruneAttribute.MinimumPerOutput);
        var prune = AttributeReader.AllOf(type, cancellation).First(attribute => attribute.ClassName == AttributeNames.Prune);
        var minima = counted.Sum(layer => Math.Min(
            (long)layer.OutFeatures * layer.InFeatures,
            Math.Max(settings.MinimumPerLayer, (long)layer.OutFeatures * Math.Min(layer.InFeatures, settings.MinimumPerOutput))));
        var left = (1 - settings.Sparsity) * counted.Sum(layer => (long)layer.OutFeatures * layer.InFeatures);
        var total = (long)Math.Round(Math.Round(left, 9), MidpointRounding.AwayFromZero);
        if (minima > total && (prune.Sets(PerLayer) || prune.Sets(PerOutput)))
        {
            var name = prune.Sets(PerOutput) ? PerOutput : PerLayer;
            problems.Report(Rules.MinimaAboveTotal, prune.LocationOf(name), $"model '{type.Name}'", minima, total);
        }
    }

    private static void ReportPrune(
        IEnumerable<AttributeReader> attributes, string owner, string reason, Problems problems)
    {
        foreach (var prune in attributes.Where(attribute => attribute.ClassName == AttributeNames.Prune))
        {
            problems.Report(Rules.PrunesNothing, prune.Location, owner, reason);
        }
    }

    /// <summary>The sparsity that a budget may choose; null where the pattern itself fixes it.</summary>
    private static double? Target(SparsitySpec pattern) => pattern switch
    {
        UnstructuredSpec p => p.Target,
        BlockSpec p => p.Target,
        _ => null,
    };
}
