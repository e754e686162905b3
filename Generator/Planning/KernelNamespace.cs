using System.Globalization;
using System.Linq;
using Microsoft.CodeAnalysis.CSharp;

namespace KernelGen.Generator.Planning;

/// <summary>
/// The namespace of a compilation's kernels, such as "KernelGen.Generated.My_App" for assembly "My.App". No two assemblies share
/// one: the kernels of both are in sight where one sees the other's internals.
/// </summary>
internal static class KernelNamespace
{
    public static string Of(string assemblyName)
        => "KernelGen.Generated." + (assemblyName.Length == 0 ? "_" : string.Concat(assemblyName.Select((_, i) => Escaped(assemblyName, i))));

    /// <summary>
    /// One character of the name. Read from the left, "__" is an underscore, "_x" begins a hexadecimal code that "_" ends, and any
    /// other "_" is a dot.
    /// </summary>
    private static string Escaped(string name, int index)
    {
        var c = name[index];
        return c switch
        {
            _ when char.IsLetterOrDigit(c) && (index > 0 || CanBegin(name)) => c.ToString(),
            '_' => "__",
            '.' when index + 1 < name.Length && name[index + 1] != 'x' && char.IsLetterOrDigit(name[index + 1]) => "_",
            _ => "_x" + ((int)c).ToString("X", CultureInfo.InvariantCulture) + "_",
        };
    }

    private static bool CanBegin(string name) => char.IsLetter(name[0]) && SyntaxFacts.GetKeywordKind(name) == SyntaxKind.None;
}
