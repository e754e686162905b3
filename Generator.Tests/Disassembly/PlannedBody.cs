using System.Runtime.CompilerServices;
using KernelGen.Generator.Emission.Cpu;
using KernelGen.Generator.Planning;
using KernelGen.Generator.Tests.Support;

namespace KernelGen.Generator.Tests.Disassembly;

/// <summary>An emitted method with inner loops, and what its plan predicts of them.</summary>
/// <param name="Class">The emitted class.</param>
/// <param name="Method">The method.</param>
/// <param name="Loops">Its loops.</param>
internal sealed record PlannedBody(string Class, string Method, IReadOnlyList<InnerLoop> Loops)
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
            .. plans.SelectMany(plan => Bodies(plan).Select(body => new PlannedBody(plan.ClassName, body.Name, InnerLoop.Of(plan, body.Vectors)))),
            .. sampled.Bodies.Select(vectors => new PlannedBody(sampled.ClassName, $"Samples{vectors * target.Lanes}", InnerLoop.Of(sampled, vectors))),
        ];
    }

    public static string Repository { get; } = FindRepository();

    /// <summary>What a listing holds of it: one for each shape and activation.</summary>
    public IEnumerable<ListedMethod> Instances(IReadOnlyList<ListedMethod> listing) => listing.Where(method => method.Class == Class && method.Name == Method);

    private static IEnumerable<(string Name, int Vectors)> Bodies(KernelPlan plan) => plan switch
    {
        PanelCsrPlan csr => PanelText.Bodies(csr.Method, csr.Vectors),
        PanelTilePlan tile => PanelText.Bodies(tile.Method, tile.Vectors),
        _ => [($"Run{plan.Method}", 1)],
    };

    private static string FindRepository([CallerFilePath] string callerPath = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(callerPath)!, "..", ".."));
}
