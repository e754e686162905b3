using System.Linq;
using System.Threading;
using KernelGen.Generator.Diagnostics;
using KernelGen.Generator.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace KernelGen.Generator.Parsing;

/// <summary>What a model's class and its project must be like.</summary>
internal static class TypeRules
{
    /// <summary>Whether another part of the type can be emitted at all, be it a stub.</summary>
    public static bool CanBeExtended(INamedTypeSymbol type, CancellationToken cancellation)
        => DeclarationText.Containers(type).Append(type)
            .All(part => !part.IsFileLocal && NotPartial(part, cancellation) is null);

    /// <summary>Whether the type can implement ISparseModel.</summary>
    public static bool IsInstanceClass(INamedTypeSymbol type) => type is { TypeKind: TypeKind.Class, IsStatic: false };

    /// <summary>Whether the type is of a kind that a model can be.</summary>
    public static bool IsOrdinaryClass(INamedTypeSymbol type) => KindOfType(type) is null;

    public static void Check(
        INamedTypeSymbol type,
        AttributeReader attribute,
        Compilation compilation,
        Problems problems,
        CancellationToken cancellation)
    {
        CheckProject(attribute, compilation, problems);
        foreach (var part in DeclarationText.Containers(type).Append(type))
        {
            if (part.IsFileLocal)
            {
                problems.Report(Rules.FileLocal, part.Locations[0], part.Name);
            }
            else if (NotPartial(part, cancellation) is { } declaration)
            {
                problems.Report(Rules.TypeNotPartial, declaration.Identifier.GetLocation(), part.Name, type.Name);
            }
        }

        if (KindOfType(type) is { } kind)
        {
            problems.Report(Rules.WrongKindOfType, attribute.Declaration, type.Name, kind);
        }
        else if (BaseModel(type) is { } baseModel)
        {
            problems.Report(Rules.BaseIsModel, attribute.Declaration, type.Name, baseModel.Name);
        }
    }

    /// <summary>The class that a model derives from and that is a model itself, or null.</summary>
    public static INamedTypeSymbol? BaseModel(INamedTypeSymbol type)
    {
        for (var parent = type.BaseType; parent is not null; parent = parent.BaseType)
        {
            if (IsModel(parent))
            {
                return parent;
            }
        }

        return null;
    }

    /// <summary>Whether a type is marked [SparseModel].</summary>
    public static bool IsModel(INamedTypeSymbol type)
        => type.GetAttributes().Any(attribute => AttributeNames.Of(attribute) == AttributeNames.SparseModel);

    private static void CheckProject(AttributeReader attribute, Compilation compilation, Problems problems)
    {
        if (compilation is not CSharpCompilation { Options: var options, LanguageVersion: var language })
        {
            return;
        }

        if (!options.AllowUnsafe)
        {
            problems.Report(Rules.UnsafeNotAllowed, attribute.Location);
        }

        if (language < LanguageVersion.CSharp13)
        {
            problems.Report(Rules.LanguageTooOld, attribute.Location, language.ToDisplayString());
        }
    }

    private static string? KindOfType(INamedTypeSymbol type) => type switch
    {
        { TypeKind: TypeKind.Struct, IsRecord: true } => "a record struct",
        { TypeKind: TypeKind.Struct } => "a struct",
        { TypeKind: TypeKind.Interface } => "an interface",
        { IsRecord: true } => "a record",
        { IsStatic: true } => "a static class",
        _ => null,
    };

    private static TypeDeclarationSyntax? NotPartial(INamedTypeSymbol type, CancellationToken cancellation)
        => type.DeclaringSyntaxReferences
            .Select(reference => reference.GetSyntax(cancellation))
            .OfType<TypeDeclarationSyntax>()
            .FirstOrDefault(declaration => !declaration.Modifiers.Any(SyntaxKind.PartialKeyword));
}
