using Microsoft.CodeAnalysis;

namespace KernelGen.Generator.Parsing;

/// <summary>The attributes that the generator reads.</summary>
internal static class AttributeNames
{
    public const string SparseModel = "SparseModelAttribute";
    public const string SparseModelInFull = "KernelGen." + SparseModel;
    public const string Linear = "LinearAttribute";
    public const string Prune = "PruneAttribute";
    public const string Unstructured = "UnstructuredAttribute";
    public const string NM = "NMAttribute";
    public const string Block = "BlockAttribute";

    /// <summary>Whether a property or class is described by the attribute.</summary>
    public static bool IsOurs(string? name) => name is Linear or Prune || IsPattern(name);

    /// <summary>The name of an attribute in our namespace, such as "LinearAttribute"; null for any other.</summary>
    public static string? Of(AttributeData attribute)
        => attribute.AttributeClass is { ContainingType: null } type
            && type.ContainingNamespace is { Name: "KernelGen", ContainingNamespace.IsGlobalNamespace: true }
                ? type.Name
                : null;

    /// <summary>Whether the attribute declares a sparsity pattern.</summary>
    public static bool IsPattern(string? name) => name is Unstructured or NM or Block;
}
