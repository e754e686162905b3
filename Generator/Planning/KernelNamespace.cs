using System.Linq;
using Microsoft.CodeAnalysis.CSharp;

namespace KernelGen.Generator.Planning;

/// <summary>The namespace of a compilation's kernels, such as "KernelGen.Generated.My_App" for assembly "My.App".</summary>
internal static class KernelNamespace
{
    public static string Of(string assemblyName)
    {
        var name = new string(assemblyName.Select(c => SyntaxFacts.IsIdentifierPartCharacter(c) ? c : '_').ToArray());
        return "KernelGen.Generated." + (SyntaxFacts.IsValidIdentifier(name) && !IsKeyword(name) ? name : "_" + name);
    }

    private static bool IsKeyword(string name) => SyntaxFacts.GetKeywordKind(name) != SyntaxKind.None;
}
