using System.Linq;
using System.Threading;
using KernelGen.Generator.Diagnostics;
using KernelGen.Generator.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace KernelGen.Generator.Parsing;

/// <summary>What a layer's property must look like: partial, of type Linear, get-only.</summary>
internal static class LayerPropertyRules
{
    public static void Check(IPropertySymbol property, Problems problems, CancellationToken cancellation)
    {
        if (DeclarationText.Syntax(property, cancellation) is not { } syntax)
        {
            return;
        }

        CheckType(property, syntax, problems);
        if (!syntax.Modifiers.Any(SyntaxKind.PartialKeyword))
        {
            problems.Report(Rules.PropertyNotPartial, NameOf(syntax), property.Name);
        }
        else if (Shape(property, syntax, cancellation) is var (location, what))
        {
            problems.Report(Rules.PropertyNotGetOnly, location, property.Name, what);
        }
    }

    /// <summary>Where the property's name stands; an indexer's is "this".</summary>
    public static Location NameOf(BasePropertyDeclarationSyntax syntax) => syntax switch
    {
        PropertyDeclarationSyntax property => property.Identifier.GetLocation(),
        IndexerDeclarationSyntax indexer => indexer.ThisKeyword.GetLocation(),
        _ => syntax.GetLocation(),
    };

    private static void CheckType(IPropertySymbol property, BasePropertyDeclarationSyntax syntax, Problems problems)
    {
        if (property.Type.TypeKind == TypeKind.Error)
        {
            problems.LeaveToCompiler();
        }
        else if (!IsLinear(property.Type) || property.RefKind != RefKind.None)
        {
            var shown = syntax.Type.WithoutTrivia().ToString();
            problems.Report(Rules.PropertyOfWrongType, syntax.Type.GetLocation(), property.Name, shown);
        }
    }

    private static bool IsLinear(ITypeSymbol type)
        => type is INamedTypeSymbol { Name: "Linear", Arity: 0, ContainingType: null }
            && type.NullableAnnotation != NullableAnnotation.Annotated
            && type.ContainingNamespace is { Name: "KernelGen", ContainingNamespace.IsGlobalNamespace: true };

    private static (Location Location, string What)? Shape(
        IPropertySymbol property, BasePropertyDeclarationSyntax syntax, CancellationToken cancellation)
    {
        if (syntax.Modifiers.FirstOrDefault(SyntaxKind.StaticKeyword) is { } keyword)
        {
            return (keyword.GetLocation(), "is static");
        }

        if (property.IsIndexer)
        {
            return (NameOf(syntax), "is an indexer");
        }

        if (syntax.ExplicitInterfaceSpecifier is { } specifier)
        {
            return (specifier.GetLocation(), "implements an interface explicitly");
        }

        var setter = syntax.AccessorList?.Accessors
            .FirstOrDefault(accessor => !accessor.IsKind(SyntaxKind.GetAccessorDeclaration));
        if (setter is not null)
        {
            return (setter.Keyword.GetLocation(), $"has '{setter.Keyword.Text}'");
        }

        if (!property.IsPartialDefinition)
        {
            return (NameOf(syntax), "has a body");
        }

        return property.PartialImplementationPart is { } implementation
            ? (implementation.Locations[0], "is implemented by hand")
            : null;
    }

    private static SyntaxToken? FirstOrDefault(this SyntaxTokenList tokens, SyntaxKind kind)
        => tokens.Where(token => token.IsKind(kind)).Select(token => (SyntaxToken?)token).FirstOrDefault();
}
