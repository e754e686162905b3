using System.Collections.Generic;
using System.Linq;
using System.Threading;
using KernelGen.Generator.Diagnostics;
using KernelGen.Generator.Model;
using Microsoft.CodeAnalysis;

namespace KernelGen.Generator.Parsing;

/// <summary>Reads a [SparseModel] class: the model, and in the same pass what is wrong with it.</summary>
internal static class ModelParser
{
    public static Parsed Parse(GeneratorAttributeSyntaxContext attributed, CancellationToken cancellation)
    {
        var type = (INamedTypeSymbol)attributed.TargetSymbol;

        // Where the attribute stands on two parts, which the compiler rejects, the first speaks for the class.
        if (!Marker(type).StandsOn(attributed.TargetNode))
        {
            return Parsed.Nothing;
        }

        var compilation = attributed.SemanticModel.Compilation;
        return ParsedBefore.Find(attributed.TargetNode, compilation)
            ?? ParsedBefore.Keep(attributed.TargetNode, type, compilation, Parse(type, compilation, cancellation));
    }

    private static Parsed Parse(INamedTypeSymbol type, Compilation compilation, CancellationToken cancellation)
    {
        var problems = new Problems();
        var model = Parse(type, compilation, problems, cancellation);
        return new Parsed(TypeRules.CanBeExtended(type, cancellation) ? model : null, problems.Found);
    }

    private static ModelSpec Parse(
        INamedTypeSymbol type, Compilation compilation, Problems problems, CancellationToken cancellation)
    {
        var marker = Marker(type);
        var attribute = new AttributeReader(marker, cancellation);
        TypeRules.Check(type, attribute, compilation, problems, cancellation);
        var spec = DeclarationText.Model(type, compilation);
        if (!TypeRules.IsOrdinaryClass(type))
        {
            return spec with { Stub = StubParser.Parse(type, [], cancellation) };
        }

        var taken = CollisionRules.Check(type, attribute.Declaration, compilation, problems);
        var prune = AttributeReader.AllOf(type, cancellation)
            .Where(candidate => candidate.ClassName == AttributeNames.Prune)
            .Select(found => PruneParser.Parse(found, $"model '{type.Name}'", isModel: true, problems))
            .FirstOrDefault();
        var grow = AttributeReader.AllOf(type, cancellation)
            .Where(candidate => candidate.ClassName == AttributeNames.Grow)
            .Select(found => GrowParser.Parse(found, $"model '{type.Name}'", problems))
            .FirstOrDefault();
        var layers = Layers(type, marker, problems, cancellation);
        GrowRules.CheckSchedules(type, prune, grow, layers, problems, cancellation);
        GrowMethodRules.Check(type, prune, grow, layers, problems, cancellation);
        PruneRules.CheckUnits(prune, layers, problems, cancellation);
        if (problems.HasErrors)
        {
            return spec with { Stub = StubParser.Parse(type, taken, cancellation) };
        }

        PruneRules.Check(type, prune, layers, problems, cancellation);
        GrowRules.CheckPatterns(type, prune, grow, layers, problems, cancellation);
        return spec with
        {
            Layers = layers.Select(layer => layer.Spec).ToEquatableArray(),
            Prune = prune,
            Grow = grow,
            Training = attribute.Named(nameof(SparseModelAttribute.Training), otherwise: false),
        };
    }

    private static AttributeData Marker(INamedTypeSymbol type)
        => type.GetAttributes().First(attribute => AttributeNames.Of(attribute) == AttributeNames.SparseModel);

    private static List<ParsedLayer> Layers(
        INamedTypeSymbol type, AttributeData marker, Problems problems, CancellationToken cancellation)
    {
        var properties = type.GetMembers().OfType<IPropertySymbol>()
            .Where(property => property.DeclaringSyntaxReferences.Length > 0)
            .ToList();
        var layers = properties
            .Select(property => LayerParser.Parse(property, problems, cancellation))
            .OfType<ParsedLayer>()
            .ToList();
        if (!properties.Any(property => LayerParser.IsLayer(property)))
        {
            problems.Report(Rules.NoLayers, new AttributeReader(marker, cancellation).Declaration, type.Name);
        }
        else if (LayerOrder.Check(layers, marker, problems, cancellation) && AreAll(layers, type, cancellation))
        {
            LayerParser.CheckChain(layers, problems);
        }

        return layers;
    }

    /// <summary>Whether no other member bears an attribute of ours: one that was meant as a layer would leave a gap in the chain.</summary>
    private static bool AreAll(List<ParsedLayer> layers, INamedTypeSymbol type, CancellationToken cancellation)
        => type.GetMembers().Count(member => AttributeReader.AllOf(member, cancellation).Count > 0) == layers.Count;
}
