using System.Linq;
using KernelGen.Generator.Emission;
using Microsoft.CodeAnalysis;

namespace KernelGen.Generator.Parsing;

/// <summary>Tells what this generator emitted: an analyzer sees it beside what the user wrote.</summary>
internal static class EmittedCode
{
    public static bool IsOurs(ISymbol symbol)
        => symbol.GetAttributes().Any(attribute =>
            attribute.AttributeClass?.Name == "GeneratedCodeAttribute"
            && attribute.ConstructorArguments.Length > 0
            && attribute.ConstructorArguments[0].Value is GeneratorInfo.Name);
}
