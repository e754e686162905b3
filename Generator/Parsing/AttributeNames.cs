using Microsoft.CodeAnalysis;

namespace KernelGen.Generator.Parsing;

/// <summary>The attributes that the generator reads.</summary>
internal static class AttributeNames
{
    public const string SparseModel = "SparseModelAttribute";
    public const string Linear = "LinearAttribute";
    public const string Prune = "PruneAttribute";
    public const string Grow = "GrowAttribute";
    public const string Unstructured = "UnstructuredAttribute";
    public const string NM = "NMAttribute";
    public const string Block = "BlockAttribute";

    /// <summary>Those that say more about a layer, or about a model.</summary>
    public static readonly string[] BesideLinear = [Prune, Grow, Unstructured, NM, Block];

    /// <summary>The name as metadata has it.</summary>
    public static string InFull(string name) => $"KernelGen.{name}";

    /// <summary>Whether a property or class is described by the attribute.</summary>
    public static bool IsOurs(string? name) => name is Linear or Prune or Grow || IsPattern(name);

    /// <summary>The name of an attribute in our namespace, such as "LinearAttribute"; null for any other.</summary>
    public static string? Of(AttributeData attribute)
        => attribute.AttributeClass is { ContainingType: null } type
            && type.ContainingNamespace is { Name: "KernelGen", ContainingNamespace.IsGlobalNamespace: true }
                ? type.Name
                : null;

    /// <summary>Whether the attribute is written at this declaration, and not at another part of it.</summary>
    public static bool StandsOn(this AttributeData attribute, SyntaxNode declaration)
        => attribute.ApplicationSyntaxReference is { } reference
            && reference.SyntaxTree == declaration.SyntaxTree
            && declaration.Span.Contains(reference.Span);

    /// <summary>Whether the attribute declares a sparsity pattern.</summary>
    public static bool IsPattern(string? name) => name is Unstructured or NM or Block;
}
