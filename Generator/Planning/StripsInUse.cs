using System.Collections.Generic;
using System.Linq;
using KernelGen.Generator.Model;

namespace KernelGen.Generator.Planning;

/// <summary>The strips that a compilation's kernels need of an instruction set.</summary>
/// <param name="Strips">Each once, the narrowest first; at least one.</param>
/// <param name="Namespace">The namespace of the emitted kernels.</param>
internal sealed record StripsInUse(EquatableArray<Strip> Strips, string Namespace)
{
    /// <summary>One for each instruction set.</summary>
    public static IEnumerable<StripsInUse> Of(IEnumerable<KindInUse> uses)
        => from use in uses
           from target in Target.All
           from plan in Planner.Plan(use.Kind, target)
           from strip in plan.Strips
           group strip by (use.Namespace, strip.Target) into strips
           select new StripsInUse(strips.Distinct().OrderBy(strip => strip.Vectors).ToEquatableArray(), strips.Key.Namespace);
}
