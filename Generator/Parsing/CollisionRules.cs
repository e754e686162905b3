using System.Collections.Generic;
using System.Linq;
using KernelGen.Generator.Diagnostics;
using Microsoft.CodeAnalysis;

namespace KernelGen.Generator.Parsing;

/// <summary>Finds members of the user's that an emitted member would collide with or hide.</summary>
internal static class CollisionRules
{
    private const string Names = "global::System.Collections.Generic.IReadOnlyDictionary<string, string>";

    /// <summary>The parameters of emitted methods, by name; other emitted members have no entry here.</summary>
    private static readonly Dictionary<string, string[]> Methods = new()
    {
        ["Forward"] =
        [
            "global::System.ReadOnlySpan<float>, global::System.Span<float>, int",
            "global::System.ReadOnlySpan<float>, global::System.Span<float>, int, global::KernelGen.Layout",
        ],
        ["Load"] = [$"string, {Names}", $"global::System.IO.Stream, {Names}"],
        ["Save"] = ["string", "global::System.IO.Stream"],
        ["get_Layers"] = [""],
        ["get_Descriptor"] = [""],
    };

    private static readonly string[] Reserved =
        [.. Methods.Keys, "Layers", "Descriptor", "KernelGenDescriptor", "_kernelGenNetwork"];

    /// <summary>Reports each collision and gives the names taken, in ordinal order.</summary>
    public static IReadOnlyList<string> Check(
        INamedTypeSymbol type, Location here, Compilation compilation, Problems problems)
    {
        var taken = new SortedSet<string>(System.StringComparer.Ordinal);
        foreach (var name in Reserved)
        {
            foreach (var (location, shown) in Collisions(type, here, name, compilation))
            {
                problems.Report(Rules.MemberCollides, location, shown, name, type.Name);
                taken.Add(name);
            }
        }

        return [.. taken];
    }

    private static IEnumerable<(Location Location, string Shown)> Collisions(
        INamedTypeSymbol type, Location here, string name, Compilation compilation)
    {
        if (type.Name == name)
        {
            yield return (here, name);
        }

        foreach (var parameter in type.TypeParameters.Where(parameter => parameter.Name == name))
        {
            yield return (parameter.Locations[0], name);
        }

        foreach (var member in type.GetMembers(name).Where(Collides))
        {
            yield return (member.Locations[0], name);
        }

        // A base class that is a model is wrong as such.
        for (var parent = type.BaseType; parent is not null && !TypeRules.IsModel(parent); parent = parent.BaseType)
        {
            foreach (var member in parent.GetMembers(name).Where(Collides))
            {
                if (compilation.IsSymbolAccessibleWithin(member, type))
                {
                    yield return (here, $"{parent.Name}.{name}");
                }
            }
        }
    }

    private static bool Collides(ISymbol member)
    {
        if (member is not IMethodSymbol method)
        {
            return !member.Name.StartsWith("get_", System.StringComparison.Ordinal);
        }

        return method.AssociatedSymbol is null
            && (!Methods.TryGetValue(method.Name, out var signatures)
                || (method.Arity == 0 && signatures.Contains(Signature(method))));
    }

    private static string Signature(IMethodSymbol method)
        => string.Join(", ", method.Parameters.Select(
            parameter => parameter.Type.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat)));
}
