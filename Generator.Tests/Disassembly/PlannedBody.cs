using System.Runtime.CompilerServices;
using KernelGen.Generator.Planning;
using KernelGen.Generator.Tests.Support;

namespace KernelGen.Generator.Tests.Disassembly;

/// <summary>An emitted method with inner loops, compiled for an instruction set, and what its plan predicts of them.</summary>
/// <param name="Class">The emitted class.</param>
/// <param name="Method">The method.</param>
/// <param name="Strips">The strips that it is compiled for, a comma between them; empty where its loops are an instruction set's own.</param>
/// <param name="Loops">Its loops.</param>
internal sealed record PlannedBody(string Class, string Method, string Strips, IReadOnlyList<InnerLoop> Loops)
{
    /// <summary>All that the models of the kernels' tests need on a target: what a listing of those tests holds.</summary>
    public static IReadOnlyList<PlannedBody> Of(Target target)
    {
        var models = File.ReadAllText(Path.Combine(Repository, "Runtime.Tests", "Kernels", "KernelModels.cs"));
        var plans = GeneratorRun.Of(Source.Compile(models)).Result.TrackedSteps[TrackingNames.KernelClass]
            .SelectMany(step => step.Outputs).SelectMany(output => ((KernelClass)output.Value).Plans).Where(plan => plan.Target == target);
        var sampled = SampledPlan.Of(target);
        return
        [
            .. plans.SelectMany(Bodies).DistinctBy(body => body.Name),
            .. sampled.Bodies.Select(vectors => new PlannedBody(sampled.ClassName, $"Samples{vectors * target.Lanes}", "", InnerLoop.Of(sampled, vectors))),
        ];
    }

    /// <summary>Such as "PanelCsr.Pairs of NeonStrip8".</summary>
    public string Name => $"{Class}.{Method}" + (Strips.Length > 0 ? $" of {Strips}" : "");

    public static string Repository { get; } = FindRepository();

    /// <summary>What a listing holds of it: one for each shape and activation.</summary>
    public IEnumerable<ListedMethod> Instances(IReadOnlyList<ListedMethod> listing)
        => listing.Where(method => method.Class == Class && method.Name == Method && method.Strips == Strips);

    private static IEnumerable<PlannedBody> Bodies(KernelPlan plan) => plan switch
    {
        { IsShared: false } => [new(plan.ClassName, $"Run{plan.Body}", "", InnerLoop.Of(plan, 1))],
        { IsPanel: true } => plan.Strips.Select(strip => new PlannedBody(plan.ClassName, plan.Body, strip.TypeName, InnerLoop.Of(plan, strip.Vectors))),
        _ => [new(plan.ClassName, plan.Body, string.Join(',', plan.Strips.Select(strip => strip.TypeName)), InnerLoop.Of(plan, 1))],
    };

    private static string FindRepository([CallerFilePath] string callerPath = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(callerPath)!, "..", ".."));
}
