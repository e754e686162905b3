using System.Collections.Immutable;
using System.Linq;
using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;

namespace KernelGen.Generator.Parsing;

/// <summary>
/// What a model's declaration gave in an earlier compilation, for as long as nothing changes that it can depend on. To read a model anew binds each
/// attribute of its layers, ten microseconds each, and the driver asks after every edit.
/// </summary>
/// <remarks>Kept beside the declaration and no longer than it; of a compilation only what tells whether another means the same.</remarks>
internal sealed class ParsedBefore
{
    private static readonly ConditionalWeakTable<SyntaxNode, ParsedBefore> Known = new();

    // Replaced as a whole: several drivers may read the same declaration at once.
    private volatile Reading? _last;

    /// <summary>What the declaration gave, if it must give the same now; else null.</summary>
    public static Parsed? Find(SyntaxNode declaration, Compilation compilation)
    {
        if (!Known.TryGetValue(declaration, out var known) || known._last is not { } last || !last.HoldsFor(compilation))
        {
            return null;
        }

        // The next edit is compared with this one, and replaced trees can go.
        known._last = last with { Trees = [.. compilation.SyntaxTrees] };
        return last.Parsed;
    }

    /// <summary>Keeps what a type's declaration gives.</summary>
    public static Parsed Keep(SyntaxNode declaration, INamedTypeSymbol type, Compilation compilation, Parsed parsed)
    {
        var own = DeclarationText.Containers(type).Append(type)
            .SelectMany(part => part.DeclaringSyntaxReferences)
            .Select(reference => reference.SyntaxTree)
            .Concat(parsed.Problems.Select(problem => problem.Location.SourceTree).OfType<SyntaxTree>());
        Known.GetOrCreateValue(declaration)._last = new Reading(
            parsed,
            own.ToImmutableHashSet(),
            compilation.AssemblyName,
            compilation.Options,
            compilation.ExternalReferences,
            [.. compilation.SyntaxTrees]);
        return parsed;
    }

    /// <param name="Parsed">What was read.</param>
    /// <param name="Own">Trees that declare the type or that a problem points into: there trivia counts, too, for it moves what follows.</param>
    /// <param name="AssemblyName">The compilation's, as are the others.</param>
    private sealed record Reading(
        Parsed Parsed,
        ImmutableHashSet<SyntaxTree> Own,
        string? AssemblyName,
        CompilationOptions Options,
        ImmutableArray<MetadataReference> References,
        ImmutableArray<SyntaxTree> Trees)
    {
        /// <summary>Whether a compilation declares the same outside of method bodies.</summary>
        public bool HoldsFor(Compilation compilation)
            => compilation.AssemblyName == AssemblyName
                && compilation.Options.Equals(Options)
                && compilation.ExternalReferences.SequenceEqual(References)
                && DeclareTheSame([.. compilation.SyntaxTrees]);

        private bool DeclareTheSame(ImmutableArray<SyntaxTree> trees)
        {
            if (trees.Length != Trees.Length)
            {
                return false;
            }

            for (var i = 0; i < trees.Length; i++)
            {
                if (trees[i] != Trees[i] && (Own.Contains(Trees[i]) || !DeclaredAlike.Are(Trees[i], trees[i])))
                {
                    return false;
                }
            }

            return true;
        }
    }
}
