using System.Collections.Generic;
using System.Linq;
using System.Threading;
using KernelGen.Generator.Diagnostics;
using KernelGen.Generator.Model;
using Microsoft.CodeAnalysis;

namespace KernelGen.Generator.Parsing;

/// <summary>Finds growth methods that don't go with a layer's pattern, with the model's budget, or with each other.</summary>
internal static class GrowMethodRules
{
    /// <summary>Checks what the class and each layer declare, and that one call follows it all.</summary>
    public static void Check(
        INamedTypeSymbol type,
        PruneSpec? pruneOfModel,
        GrowSpec? growOfModel,
        IReadOnlyList<ParsedLayer> layers,
        Problems problems,
        CancellationToken cancellation)
    {
        if (growOfModel is { Growth: Growth.TopKast } && WhyUncounted(pruneOfModel) is { } why)
        {
            problems.Report(Rules.GrowthDoesNotFit, At(type, cancellation), $"Model '{type.Name}'", growOfModel.Growth, why);
        }

        foreach (var layer in layers)
        {
            if (layer.Spec.Grow is { } grow && WhyUnfit(grow.Growth, layer.Spec.Pattern, pruneOfModel) is { } reason)
            {
                problems.Report(
                    Rules.GrowthDoesNotFit, At(layer.Property, cancellation), $"Layer '{layer.Spec.Name}'", grow.Growth, reason);
            }
        }

        CheckFollowers(growOfModel, layers, problems, cancellation);
    }

    /// <summary>What a layer grows by: its own, or the class's where that takes its pattern.</summary>
    public static GrowSpec? Of(LayerSpec layer, GrowSpec? ofModel) => layer.Pattern is DenseSpec
        ? null
        : layer.Grow ?? (ofModel is not null && Takes(ofModel.Growth, layer.Pattern) ? ofModel : null);

    /// <summary>Whether a method takes layers of a pattern.</summary>
    public static bool Takes(Growth growth, SparsitySpec pattern) => pattern switch
    {
        DenseSpec => false,
        NMSpec => growth != Growth.TopKast,
        _ => growth != Growth.SRSte,
    };

    /// <summary>Whether a method replaces active weights by as many others.</summary>
    public static bool ReplacesWeights(Growth growth) => growth is Growth.Set or Growth.RigL or Growth.Snfs;

    private static string? WhyUnfit(Growth growth, SparsitySpec pattern, PruneSpec? pruneOfModel) => growth switch
    {
        _ when pattern is DenseSpec => null,
        Growth.SRSte when !Takes(growth, pattern) => "it keeps N of every M weights; declare the layer [NM], or choose another growth",
        Growth.TopKast when !Takes(growth, pattern) => "it ranks over the whole layer, and N:M keeps N of every M weights; choose Growth.SRSte",
        Growth.TopKast => WhyUncounted(pruneOfModel),
        _ => null,
    };

    private static string? WhyUncounted(PruneSpec? pruneOfModel) => pruneOfModel switch
    {
        { Budget: Budget.Global } => "Budget.Global leaves open how many weights a layer keeps; choose another Budget in the model's [Prune]",
        { MinimumPerOutput: > 0 } => "it ranks over the whole layer, and can't keep a MinimumPerOutput; remove that from the model's [Prune]",
        _ => null,
    };

    private static void CheckFollowers(
        GrowSpec? growOfModel, IReadOnlyList<ParsedLayer> layers, Problems problems, CancellationToken cancellation)
    {
        var growing = layers.Select(layer => (Layer: layer, Grow: Of(layer.Spec, growOfModel))).Where(pair => pair.Grow is not null).ToList();
        var other = growing.FirstOrDefault(pair => Follower(pair.Grow!.Growth) != Follower(growing[0].Grow!.Growth));
        if (other.Layer is null)
        {
            return;
        }

        // Of two that differ one at least has its own.
        var (odd, with) = other.Layer.Spec.Grow is null ? (growing[0], other) : (other, growing[0]);
        problems.Report(
            Rules.GrowthFollowedByAnother,
            At(odd.Layer.Property, cancellation),
            odd.Layer.Spec.Name, odd.Grow!.Growth, Follower(odd.Grow.Growth),
            with.Layer.Spec.Name, with.Grow!.Growth, Follower(with.Grow.Growth));
    }

    private static string Follower(Growth growth) => growth switch
    {
        Growth.AcDc => "an Alternator",
        Growth.TopKast or Growth.SRSte => "ReparametriseAsDeclared",
        _ => "a Rewirer",
    };

    private static Location At(ISymbol symbol, CancellationToken cancellation)
        => AttributeReader.AllOf(symbol, cancellation).First(attribute => attribute.ClassName == AttributeNames.Grow).LocationOf(0);
}
