using System.Collections.Generic;
using System.Linq;
using System.Threading;
using KernelGen.Generator.Diagnostics;
using Microsoft.CodeAnalysis;

namespace KernelGen.Generator.Parsing;

/// <summary>Finds attributes that nothing reads.</summary>
internal static class StrayAttributes
{
    /// <summary>Checks a type that isn't a sparse model.</summary>
    public static void CheckOrdinaryType(INamedTypeSymbol type, Problems problems, CancellationToken cancellation)
    {
        var ofType = AttributeReader.AllOf(type, cancellation);
        foreach (var prune in ofType.Where(attribute => attribute.ClassName == AttributeNames.Prune))
        {
            problems.Report(Rules.OutsideModel, prune.Location, prune.ShortName, type.Name, type.Name);
        }

        foreach (var property in type.GetMembers().OfType<IPropertySymbol>())
        {
            var attributes = AttributeReader.AllOf(property, cancellation);
            var linear = attributes.Where(attribute => attribute.ClassName == AttributeNames.Linear).ToList();
            if (linear.Count > 0)
            {
                problems.Report(Rules.OutsideModel, linear[0].Location, linear[0].ShortName, property.Name, type.Name);
            }
            else
            {
                ReportWithoutLinear(property, attributes, problems);
            }
        }
    }

    /// <summary>Reports patterns and [Prune] on a property that isn't a layer.</summary>
    public static void ReportWithoutLinear(IPropertySymbol property, IEnumerable<AttributeReader> attributes, Problems problems)
    {
        foreach (var attribute in attributes)
        {
            problems.Report(Rules.WithoutLinear, attribute.Location, attribute.ShortName, property.Name);
        }
    }
}
