using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace KernelGen.Generator.Parsing;

/// <summary>Compares two versions of a file by what they declare: bodies and trivia don't count.</summary>
/// <remarks>The compiler's own SyntaxFactory.AreEquivalent with "topLevel" forgets constants behind a field that isn't one.</remarks>
internal static class DeclaredAlike
{
    /// <summary>Whether both declare the same; false also for some changes that no declaration depends on.</summary>
    public static bool Are(SyntaxTree before, SyntaxTree after) => before == after || Are(before.GetRoot(), after.GetRoot());

    private static bool Are(SyntaxNode before, SyntaxNode after)
        => before.IsIncrementallyIdenticalTo(after) || (before.RawKind == after.RawKind && before switch
        {
            BlockSyntax or ArrowExpressionClauseSyntax or GlobalStatementSyntax => true,
            CompilationUnitSyntax or MemberDeclarationSyntax or AccessorListSyntax or AccessorDeclarationSyntax => HaveChildrenAlike(before, after),
            _ => SyntaxFactory.AreEquivalent(before, after, topLevel: false),
        });

    private static bool HaveChildrenAlike(SyntaxNode before, SyntaxNode after)
    {
        var (children, others) = (before.ChildNodesAndTokens(), after.ChildNodesAndTokens());
        return children.Count == others.Count
            && children.Zip(others, static (child, other) => child.AsNode() is { } node
                ? other.AsNode() is { } otherNode && Are(node, otherNode)
                : child.RawKind == other.RawKind && child.ToString() == other.ToString()).All(static alike => alike);
    }
}
