using Microsoft.CodeAnalysis.CSharp;

namespace KernelGen.Generator.Text;

/// <summary>Names as C# writes them.</summary>
internal static class Identifier
{
    /// <summary>The name, with a leading @ where it is a keyword anywhere in the language.</summary>
    public static string Escape(string name)
        => SyntaxFacts.GetKeywordKind(name) != SyntaxKind.None || SyntaxFacts.GetContextualKeywordKind(name) != SyntaxKind.None
            ? "@" + name
            : name;
}
