using System;
using System.Collections.Generic;
using System.Linq;
using KernelGen.Generator.Model;

namespace KernelGen.Generator.Emission;

/// <summary>Names of generated files: Roslyn compares them without regard to case, and refuses some characters.</summary>
internal static class HintNames
{
    /// <summary>Of names that differ by case alone, all.</summary>
    public static EquatableArray<string> Ambiguous(IEnumerable<string> names)
        => names
            .GroupBy(name => name, StringComparer.OrdinalIgnoreCase)
            .Where(group => group.Skip(1).Any())
            .SelectMany(group => group)
            .OrderBy(name => name, StringComparer.Ordinal)
            .ToEquatableArray();

    /// <summary>A name that no other model has, also where case doesn't count.</summary>
    public static string Unique(string name, EquatableArray<string> ambiguous)
    {
        var allowed = new string(name.Select(c => IsAllowed(c) ? c : '_').ToArray());
        return allowed != name || ambiguous.Contains(name) ? $"{allowed}.{Hash(name):x8}" : name;
    }

    private static bool IsAllowed(char c) => char.IsLetterOrDigit(c) || "._,{}".IndexOf(c) >= 0;

    /// <summary>FNV-1a: the same on every machine, as string.GetHashCode is not.</summary>
    private static uint Hash(string name) => name.Aggregate(2166136261u, (hash, c) => unchecked((hash ^ c) * 16777619u));
}
