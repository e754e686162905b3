using KernelGen.Generator.Emission.Cpu;
using KernelGen.Generator.Model;
using KernelGen.Generator.Planning;

namespace KernelGen.Generator.Tests.Emission;

/// <summary>Loops that plans share are emitted for the first of them: the others' would have to be the same text.</summary>
public sealed class SharedBodyTests
{
    private static readonly SparsitySpec[] Patterns =
    [
        new DenseSpec(), new UnstructuredSpec(0), .. from rows in Enumerable.Range(1, 33) from columns in new[] { 1, 2, 3, 4, 5, 8, 20 } select new BlockSpec(rows, columns, 0),
    ];

    [Fact]
    public void Plans_of_one_body_have_the_same_loops()
    {
        var bodies = (from pattern in Patterns
                      from rows in Enumerable.Range(1, 20).Select(i => 13 * i).Append(70_000)
                      let kind = new KernelKind(rows, 300, pattern, Activation.None, 0)
                      from target in Target.All
                      from plan in Planner.Plan(kind, target)
                      where plan.IsShared
                      select plan).Distinct().GroupBy(plan => (plan.Skeleton, plan.Body)).ToList();

        Assert.True(bodies.Count(plans => plans.Select(plan => plan.Target).Distinct().Count() == Target.All.Length) > 10, "Hardly anything is shared.");
        Assert.All(bodies, plans => Assert.Single(plans.Select(Loops).Distinct()));
    }

    /// <summary>The emitted class from its first loop on, up to the types that follow it.</summary>
    private static string Loops(KernelPlan plan)
    {
        var text = CpuKernelFile.Emit(new KernelClass(new[] { plan }.ToEquatableArray(), "Emitted.Kernels")).Text;
        var first = text.IndexOf("    [MethodImpl(MethodImplOptions.AggressiveOptimization)]", StringComparison.Ordinal);
        return text[first..text.IndexOf("\n}\n", StringComparison.Ordinal)];
    }
}
