using System.Collections.Generic;
using System.Linq;
using System.Threading;
using KernelGen.Generator.Model;
using KernelGen.Generator.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace KernelGen.Generator.Parsing;

/// <summary>Declarations as another part of a partial type must repeat them.</summary>
internal static class DeclarationText
{
    private static readonly SymbolDisplayFormat PropertyHead = SymbolDisplayFormat.FullyQualifiedFormat
        .WithMemberOptions(SymbolDisplayMemberOptions.IncludeType | SymbolDisplayMemberOptions.IncludeRef
            | SymbolDisplayMemberOptions.IncludeParameters)
        .WithParameterOptions(SymbolDisplayParameterOptions.IncludeType | SymbolDisplayParameterOptions.IncludeName
            | SymbolDisplayParameterOptions.IncludeParamsRefOut)
        .AddMiscellaneousOptions(SymbolDisplayMiscellaneousOptions.IncludeNullableReferenceTypeModifier);

    /// <summary>A model, or a class that only waits for a stub, so far without content.</summary>
    public static ModelSpec Model(INamedTypeSymbol type, Compilation compilation) => new(
        compilation.AssemblyName ?? "",
        Namespace(type),
        Containers(type).Select(Type).ToEquatableArray(),
        Type(type),
        type.Name,
        HintName(type),
        Layers: EquatableArray<LayerSpec>.Empty,
        Prune: null,
        Grow: null,
        Training: false,
        Stub: null);

    /// <summary>The namespace as C# writes it; empty for the global one.</summary>
    private static string Namespace(INamedTypeSymbol type)
        => type.ContainingNamespace is { IsGlobalNamespace: false } space
            ? string.Join(".", space.ToDisplayParts()
                .Where(part => part.Kind == SymbolDisplayPartKind.NamespaceName)
                .Select(part => Identifier.Escape(part.ToString().TrimStart('@'))))
            : "";

    /// <summary>The types around a nested type, outermost first.</summary>
    public static IEnumerable<INamedTypeSymbol> Containers(INamedTypeSymbol type)
    {
        var containers = new Stack<INamedTypeSymbol>();
        for (var outer = type.ContainingType; outer is not null; outer = outer.ContainingType)
        {
            containers.Push(outer);
        }

        return containers;
    }

    /// <summary>A type's declaration, such as "partial class Outer&lt;T&gt;".</summary>
    private static string Type(INamedTypeSymbol type)
    {
        var keyword = (type.TypeKind, type.IsRecord) switch
        {
            (TypeKind.Struct, true) => "record struct",
            (TypeKind.Struct, false) => "struct",
            (TypeKind.Interface, _) => "interface",
            (_, true) => "record",
            _ => "class",
        };
        return $"partial {keyword} {Identifier.Escape(type.Name)}{TypeParameters(type)}";
    }

    /// <summary>The stem of the file's name, such as "Samples.Outer{T}.Mlp".</summary>
    private static string HintName(INamedTypeSymbol type)
    {
        var space = type.ContainingNamespace is { IsGlobalNamespace: false } named ? named.ToDisplayString() + "." : "";
        var names = Containers(type).Append(type)
            .Select(part => part.Name + TypeParameters(part).Replace('<', '{').Replace('>', '}'));
        return (space + string.Join(".", names)).Replace("@", "").Replace(", ", ",");
    }

    /// <summary>A property's modifiers, such as "public partial".</summary>
    public static string Modifiers(IPropertySymbol property, CancellationToken cancellation)
        => Syntax(property, cancellation) is { } syntax ? string.Join(" ", syntax.Modifiers.Select(token => token.Text)) : "";

    /// <summary>What a partial property without an implementing part declares.</summary>
    public static StubProperty Stub(IPropertySymbol property, CancellationToken cancellation)
    {
        var accessors = Syntax(property, cancellation)?.AccessorList?.Accessors ?? [];
        return new StubProperty(
            $"{Modifiers(property, cancellation)} {property.ToDisplayString(PropertyHead)}",
            accessors
                .Select(accessor => string.Join(" ", accessor.Modifiers.Append(accessor.Keyword).Select(token => token.Text)))
                .ToEquatableArray());
    }

    /// <summary>The declaration that the user wrote.</summary>
    public static BasePropertyDeclarationSyntax? Syntax(IPropertySymbol property, CancellationToken cancellation)
        => property.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(cancellation) as BasePropertyDeclarationSyntax;

    private static string TypeParameters(INamedTypeSymbol type)
        => type.TypeParameters.IsEmpty
            ? ""
            : $"<{string.Join(", ", type.TypeParameters.Select(parameter => Identifier.Escape(parameter.Name)))}>";
}
