using System.Collections.Generic;
using System.Linq;
using System.Threading;
using KernelGen.Generator.Diagnostics;
using KernelGen.Generator.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace KernelGen.Generator.Parsing;

/// <summary>Finds attributes that nothing reads.</summary>
internal static class StrayAttributes
{
    private const string SparseModel = "SparseModel";

    /// <summary>
    /// Whether a node may bear an attribute that nothing reads, as far as syntax tells: one in a class that is marked [SparseModel] right there is the
    /// model's matter, and isn't even bound.
    /// </summary>
    /// <remarks>By the name alone. Where that is another attribute, the compiler is left to say that nothing implements the layers.</remarks>
    public static bool CanBeAt(SyntaxNode node) => node switch
    {
        TypeDeclarationSyntax type => !IsMarked(type),
        BasePropertyDeclarationSyntax { Parent: TypeDeclarationSyntax type } => !IsMarked(type),
        _ => false,
    };

    /// <summary>
    /// Checks one kind of attribute on a type or property. What belongs to a model is the model's matter, and gives nothing
    /// here.
    /// </summary>
    public static Parsed Parse(GeneratorAttributeSyntaxContext attributed, CancellationToken cancellation)
    {
        var symbol = attributed.TargetSymbol;
        if ((symbol as INamedTypeSymbol ?? symbol.ContainingType) is not { } type || TypeRules.IsModel(type))
        {
            return Parsed.Nothing;
        }

        // A partial type or property has the attributes of all its parts, and each part comes by here.
        var attributes = attributed.Attributes
            .Where(attribute => attribute.StandsOn(attributed.TargetNode))
            .Select(attribute => new AttributeReader(attribute, cancellation));
        var problems = new Problems();
        if (symbol is IPropertySymbol property && !LayerParser.IsLayer(property))
        {
            ReportWithoutLinear(property, attributes, problems);
        }
        else
        {
            ReportOutsideModel(symbol, type, attributes, problems);
        }

        return new Parsed(Stub(type, attributed, cancellation), problems.Found);
    }

    /// <summary>Reports patterns, [Prune] and [Grow] on a property that isn't a layer.</summary>
    public static void ReportWithoutLinear(IPropertySymbol property, IEnumerable<AttributeReader> attributes, Problems problems)
    {
        foreach (var attribute in attributes)
        {
            problems.Report(Rules.WithoutLinear, attribute.Location, attribute.ShortName, property.Name);
        }
    }

    // Of a layer's attributes, [Linear] speaks for the others; on a class the compiler takes [Prune] and [Grow] alone.
    private static void ReportOutsideModel(
        ISymbol symbol, INamedTypeSymbol type, IEnumerable<AttributeReader> attributes, Problems problems)
    {
        string[] speakers = symbol is not ITypeSymbol ? [AttributeNames.Linear] : type.TypeKind == TypeKind.Class ? [AttributeNames.Prune, AttributeNames.Grow] : [];
        foreach (var attribute in attributes.Where(attribute => speakers.Contains(attribute.ClassName)))
        {
            problems.Report(Rules.OutsideModel, attribute.Location, attribute.ShortName, symbol.Name, type.Name);
        }
    }

    /// <summary>What the type's partial properties need in order to compile; the first [Linear] asks for all of them.</summary>
    private static ModelSpec? Stub(INamedTypeSymbol type, GeneratorAttributeSyntaxContext attributed, CancellationToken cancellation)
    {
        var first = type.GetMembers().OfType<IPropertySymbol>()
            .SelectMany(property => property.GetAttributes())
            .FirstOrDefault(attribute => AttributeNames.Of(attribute) == AttributeNames.Linear);
        if (first is null
            || !attributed.Attributes.Contains(first)
            || !first.StandsOn(attributed.TargetNode)
            || !TypeRules.CanBeExtended(type, cancellation))
        {
            return null;
        }

        var stub = StubParser.Parse(type, [], cancellation) with { IsModel = false };
        return stub.Properties.Count == 0
            ? null
            : DeclarationText.Model(type, attributed.SemanticModel.Compilation) with { Stub = stub };
    }

    private static bool IsMarked(TypeDeclarationSyntax type)
        => type.AttributeLists.SelectMany(list => list.Attributes).Any(attribute => NameOf(attribute.Name) is SparseModel or AttributeNames.SparseModel);

    private static string NameOf(NameSyntax name) => name switch
    {
        QualifiedNameSyntax qualified => qualified.Right.Identifier.ValueText,
        AliasQualifiedNameSyntax qualified => qualified.Name.Identifier.ValueText,
        SimpleNameSyntax simple => simple.Identifier.ValueText,
        _ => "",
    };
}
