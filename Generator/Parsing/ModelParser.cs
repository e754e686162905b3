using System.Collections.Generic;
using System.Linq;
using System.Threading;
using KernelGen.Generator.Diagnostics;
using KernelGen.Generator.Model;
using Microsoft.CodeAnalysis;

namespace KernelGen.Generator.Parsing;

/// <summary>Reads a [SparseModel] class. The generator takes the model, the analyzer the problems: one source of truth.</summary>
internal static class ModelParser
{
    /// <summary>The model that a declaration describes; null where nothing can be emitted for it.</summary>
    public static ModelSpec? Parse(GeneratorAttributeSyntaxContext attributed, CancellationToken cancellation)
    {
        var type = (INamedTypeSymbol)attributed.TargetSymbol;
        var compilation = attributed.SemanticModel.Compilation;

        // Where the attribute stands on two parts, which the compiler rejects, the first speaks for the class.
        var first = Marker(type);
        var isFirst = first.ApplicationSyntaxReference is { } reference
            && reference.SyntaxTree == attributed.TargetNode.SyntaxTree
            && attributed.TargetNode.Span.Contains(reference.Span);
        return isFirst && TypeRules.CanBeExtended(type, cancellation)
            ? Parse(type, compilation, new Problems(), cancellation)
            : null;
    }

    /// <summary>Reads the class, and reports what is wrong with it.</summary>
    public static ModelSpec Parse(
        INamedTypeSymbol type, Compilation compilation, Problems problems, CancellationToken cancellation)
    {
        var marker = Marker(type);
        var attribute = new AttributeReader(marker, cancellation);
        TypeRules.Check(type, attribute, compilation, problems, cancellation);
        var spec = new ModelSpec(
            compilation.AssemblyName ?? "",
            DeclarationText.Namespace(type),
            DeclarationText.Containers(type).Select(DeclarationText.Type).ToEquatableArray(),
            DeclarationText.Type(type),
            type.Name,
            DeclarationText.HintName(type),
            Layers: default,
            Prune: null,
            Stub: null);
        if (!TypeRules.IsOrdinaryClass(type))
        {
            return spec with { Stub = StubParser.Parse(type, [], cancellation) };
        }

        var taken = CollisionRules.Check(type, attribute.Declaration, compilation, problems);
        var prune = AttributeReader.AllOf(type, cancellation)
            .Where(candidate => candidate.ClassName == AttributeNames.Prune)
            .Select(found => PruneParser.Parse(found, $"model '{type.Name}'", isModel: true, problems))
            .FirstOrDefault();
        var layers = Layers(type, marker, problems, cancellation);
        if (problems.HasErrors)
        {
            return spec with { Stub = StubParser.Parse(type, taken, cancellation) };
        }

        PruneRules.Check(type, prune, layers, problems, cancellation);
        return spec with { Layers = layers.Select(layer => layer.Spec).ToEquatableArray(), Prune = prune };
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
        else if (LayerOrder.Check(layers, marker, problems, cancellation))
        {
            LayerParser.CheckChain(layers, problems);
        }

        return layers;
    }
}
