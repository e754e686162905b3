using KernelGen.Benchmarks.Kernels;

namespace KernelGen.Benchmarks.Reporting;

/// <summary>Results that are held against one goal together: the shapes of a pattern at a sparsity.</summary>
/// <param name="Results">At least one.</param>
internal sealed record CaseGroup(IReadOnlyList<KernelResult> Results)
{
    public string Name => Results[0].Id.Group;

    public string Pattern => Results[0].Pattern;

    public double Sparsity => Results[0].Sparsity;

    public double Goal => Results[0].Goal ?? double.NaN;

    /// <summary>Groups the results, in their order.</summary>
    public static IEnumerable<CaseGroup> Of(IEnumerable<KernelResult> results)
        => results.GroupBy(result => (result.Id.Group, result.Goal)).Select(group => new CaseGroup([.. group]));

    /// <summary>Groups of the results that have a goal.</summary>
    public static IEnumerable<CaseGroup> WithGoals(IEnumerable<KernelResult> results) => Of(results.Where(result => result.Goal is not null));

    /// <summary>The geometric mean of a ratio.</summary>
    public double Mean(Func<KernelResult, double> ratio) => Math.Exp(Results.Average(result => Math.Log(ratio(result))));

    /// <summary>Every shape's figure, such as "1.0 / 2.0".</summary>
    public string Joined(Func<KernelResult, string> figure) => string.Join(" / ", Results.Select(figure));
}
