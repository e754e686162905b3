using System;
using System.Collections.Generic;
using System.Linq;
using KernelGen.Generator.Model;

namespace KernelGen.Generator.Planning;

/// <summary>An emitted class: the kernels that a compilation's layers need of one loop skeleton, and of one instruction set where it has its own loops.</summary>
/// <param name="Plans">The kernels, each once, by instruction sets and in the order of their variants.</param>
/// <param name="Namespace">The namespace of the emitted kernels.</param>
internal sealed record KernelClass(EquatableArray<KernelPlan> Plans, string Namespace)
{
    /// <summary>The classes of all kinds, each once, in the order in which kinds need them.</summary>
    public static IEnumerable<KernelClass> Of(IEnumerable<KindInUse> uses)
        => from use in uses
           from target in Target.All
           from plan in Planner.Plan(use.Kind, target)
           group plan by (use.Namespace, plan.ClassName) into plans
           select new KernelClass(
               plans.Distinct().OrderBy(plan => Target.All.IndexOf(plan.Target)).ThenBy(plan => plan.Variant, StringComparer.Ordinal).ToEquatableArray(), plans.Key.Namespace);
}
