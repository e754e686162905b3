using System.Collections.Generic;
using System.Linq;
using System.Threading;
using KernelGen.Generator.Model;
using Microsoft.CodeAnalysis;

namespace KernelGen.Generator.Parsing;

/// <summary>Finds what a model with errors still needs in order to compile.</summary>
internal static class StubParser
{
    public static StubSpec Parse(INamedTypeSymbol type, IReadOnlyList<string> taken, CancellationToken cancellation)
    {
        // A base class that is a model has all emitted members; they are not to be hidden.
        var names = TypeRules.BaseModel(type) is null ? taken : ["Descriptor", "Forward", "Layers", "Load", "Save"];
        var waiting = type.GetMembers().OfType<IPropertySymbol>()
            .Where(property => property is { IsPartialDefinition: true, ExplicitInterfaceImplementations.IsEmpty: true }
                && property.PartialImplementationPart is null
                && AttributeReader.AllOf(property, cancellation).Count > 0);
        return new StubSpec(
            TypeRules.IsInstanceClass(type),
            names.ToEquatableArray(),
            waiting.Select(property => DeclarationText.Stub(property, cancellation)).ToEquatableArray());
    }
}
