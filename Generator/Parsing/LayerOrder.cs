using System.Collections.Generic;
using System.Linq;
using System.Threading;
using KernelGen.Generator.Diagnostics;
using Microsoft.CodeAnalysis;
using Declaration = Microsoft.CodeAnalysis.CSharp.Syntax.TypeDeclarationSyntax;

namespace KernelGen.Generator.Parsing;

/// <summary>Layers run in declaration order, which only one declaration has.</summary>
internal static class LayerOrder
{
    /// <summary>Reports each layer outside the declaration that holds the others; false where there is one.</summary>
    public static bool Check(
        IReadOnlyList<ParsedLayer> layers, AttributeData marker, Problems problems, CancellationToken cancellation)
    {
        var parts = layers.ToLookup(layer => Part(layer, cancellation));
        if (parts.Count <= 1)
        {
            return true;
        }

        // The declaration that bears [SparseModel] comes first, if it holds layers at all.
        var marked = marker.ApplicationSyntaxReference?.GetSyntax(cancellation).FirstAncestorOrSelf<Declaration>();
        var home = parts.Select(part => part.Key).FirstOrDefault(part => part == marked) ?? parts.First().Key;
        foreach (var layer in layers.Where(layer => Part(layer, cancellation) != home))
        {
            var first = parts[home].First().Spec.Name;
            problems.Report(Rules.LayersWithoutOrder, layer.Property.Locations[0], layer.Spec.Name, first);
        }

        return false;
    }

    private static Declaration? Part(ParsedLayer layer, CancellationToken cancellation)
        => layer.Property.DeclaringSyntaxReferences[0].GetSyntax(cancellation).FirstAncestorOrSelf<Declaration>();
}
