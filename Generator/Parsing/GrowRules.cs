using System.Collections.Generic;
using System.Linq;
using System.Threading;
using KernelGen.Generator.Diagnostics;
using KernelGen.Generator.Model;
using Microsoft.CodeAnalysis;

namespace KernelGen.Generator.Parsing;

/// <summary>Finds growth that contradicts the pruning or the pattern of a layer, or would silently do nothing.</summary>
internal static class GrowRules
{
    /// <summary>Reports schedules that prune in the course of training, where [Grow] chooses the weights.</summary>
    public static void CheckSchedules(
        INamedTypeSymbol type,
        PruneSpec? pruneOfModel,
        GrowSpec? growOfModel,
        IReadOnlyList<ParsedLayer> layers,
        Problems problems,
        CancellationToken cancellation)
    {
        if (growOfModel is not null && pruneOfModel is { Schedule: not Schedule.Constant })
        {
            var prune = Find(AttributeReader.AllOf(type, cancellation), AttributeNames.Prune);
            problems.Report(Rules.GrowthNeedsConstantCount, prune.LocationOf(1), $"model '{type.Name}'", pruneOfModel.Schedule, Needs(growOfModel));
        }

        foreach (var layer in layers)
        {
            var spec = layer.Spec;
            var attributes = AttributeReader.AllOf(layer.Property, cancellation);
            if (spec.Prune is { Schedule: not Schedule.Constant } own && (spec.Grow ?? growOfModel) is { } grow)
            {
                problems.Report(
                    Rules.GrowthNeedsConstantCount, Find(attributes, AttributeNames.Prune).LocationOf(1), $"layer '{spec.Name}'", own.Schedule, Needs(grow));
            }
            else if (spec is { Prune: null, Grow: not null } && growOfModel is null && pruneOfModel is { Schedule: not Schedule.Constant })
            {
                // The model's pruning may be right for all other layers: here it is this [Grow] that doesn't fit.
                problems.Report(
                    Rules.GrowthNeedsConstantCount, Find(attributes, AttributeNames.Grow).Location, $"layer '{spec.Name}'", pruneOfModel.Schedule, Needs(spec.Grow));
            }
        }
    }

    /// <summary>Warns of growth that does nothing or not all that its rule says, in a model that is otherwise without errors.</summary>
    public static void CheckPatterns(
        INamedTypeSymbol type,
        PruneSpec? pruneOfModel,
        GrowSpec? growOfModel,
        IReadOnlyList<ParsedLayer> layers,
        Problems problems,
        CancellationToken cancellation)
    {
        if (growOfModel is not null && layers.All(layer => !GrowMethodRules.Takes(growOfModel.Growth, layer.Spec.Pattern)))
        {
            problems.Report(
                Rules.GrowsNothing,
                Find(AttributeReader.AllOf(type, cancellation), AttributeNames.Grow).Location,
                $"model '{type.Name}'",
                WithoutLayers(growOfModel.Growth));
        }

        foreach (var layer in layers)
        {
            var spec = layer.Spec;
            var attributes = AttributeReader.AllOf(layer.Property, cancellation);
            if (spec is { Pattern: DenseSpec, Grow: not null })
            {
                problems.Report(
                    Rules.GrowsNothing,
                    Find(attributes, AttributeNames.Grow).Location,
                    $"layer '{spec.Name}'", "it has no pattern; add [Unstructured], [NM] or [Block]");
            }
            else if (spec.Pattern is NMSpec && (spec.Grow ?? growOfModel) is { Growth: Growth.Snfs })
            {
                var location = spec.Grow is null
                    ? attributes.First(attribute => AttributeNames.IsPattern(attribute.ClassName)).Location
                    : Find(attributes, AttributeNames.Grow).LocationOf(0);
                problems.Report(Rules.NothingToRedistribute, location, spec.Name);
            }
            else if (GrowMethodRules.Of(spec, growOfModel) is { Growth: Growth.AcDc or Growth.TopKast }
                && (spec.Prune ?? pruneOfModel) is null
                && spec.Pattern is UnstructuredSpec { Target: 0 } or BlockSpec { Target: 0 })
            {
                // Where something is pruned, PruneRules say so.
                var pattern = attributes.First(attribute => AttributeNames.IsPattern(attribute.ClassName));
                problems.Report(
                    Rules.GrowsNothing,
                    pattern.LocationOf("Sparsity"),
                    $"layer '{spec.Name}'", $"the Sparsity of its [{pattern.ShortName}] is 0; set it above 0");
            }
        }
    }

    private static string Needs(GrowSpec grow)
        => GrowMethodRules.ReplacesWeights(grow.Growth) ? "needs a constant number of active weights" : $"chooses the weights by Growth.{grow.Growth}";

    private static string WithoutLayers(Growth growth) => growth switch
    {
        Growth.SRSte => "no layer is N:M; add [NM] to those that it should change",
        Growth.TopKast => "no layer is unstructured or has blocks; add [Unstructured] or [Block] to those that it should change",
        _ => "no layer has a pattern; add [Unstructured], [NM] or [Block] to those that it should change",
    };

    private static AttributeReader Find(IEnumerable<AttributeReader> attributes, string name)
        => attributes.First(attribute => attribute.ClassName == name);
}
