using KernelGen.Measures;
using KernelGen.Pruning;
using KernelGen.Torch;
using static Study.Methods.Building;

namespace Study.Methods;

/// <summary>All methods of the study. To add one takes a line here, where a builder fits.</summary>
internal static class MethodTable
{
    public static IReadOnlyList<Method> All { get; } =
    [
        new("dense", Family.Dense, run => run.Architecture.Dense(TrainingMode.Exact, run.Seed), run => TrainingFlops.Dense(run.DenseFlops)),

        // Dense at first.
        Gradual("gradual-uniform", new MagnitudeCriterion(), sparsity => new UniformBudget(sparsity)),
        Gradual("gradual-erk", new MagnitudeCriterion(), sparsity => new ErkBudget(sparsity)),
        Gradual("gradual-global", new MagnitudeCriterion(), sparsity => new GlobalBudget(sparsity)),
        Gradual("first-order", new FirstOrderCriterion(), sparsity => new GlobalBudget(sparsity)),
        Gradual("movement", new MovementCriterion(), sparsity => new GlobalBudget(sparsity)),
        // Calibration looks at images one by one, so that it is done less often.
        Gradual("fisher", new FisherCriterion(), sparsity => new GlobalBudget(sparsity), samplesPerClass: 25, every: 200),
        Gradual("wanda", new WandaCriterion(), sparsity => new ErkBudget(sparsity), samplesPerClass: 25, every: 200),
        OneShot("one-shot", new MagnitudeCriterion()),
        OneShot("wood-fisher", new WoodFisherCriterion(dampening: 1e-5), samplesPerClass: 25),
        // Its factors have up to 785 rows, which as many samples determine.
        OneShot("k-fac", new KFacCriterion(), samplesPerClass: 100),
        LotteryTicket("lottery-ticket"),
        Alternating("ac-dc"),
        TopKast("top-kast"),

        // Sparse from the first step on.
        FromScratch("static-erk", rewiring: null),
        AtInitialisation("snip", new SnipCriterion(), samplesPerClass: 25),
        AtInitialisation("grasp", new GraspCriterion(), samplesPerClass: 25, temperature: 200),
        AtInitialisation("synflow", new SynFlowCriterion(), rounds: 100),
        FromScratch("set", run => Rewiring.Set(every: run.EpochSteps)),
        FromScratch("rigl", _ => Rewiring.RigL()),
        // Room for layers that grow at the cost of others.
        FromScratch("snfs", _ => Rewiring.Snfs(), room: 3),
    ];

    /// <summary>Methods that are run where they are named: what dense products and masks take for a method that is sparse from the start.</summary>
    public static IReadOnlyList<Method> Extra { get; } = [FromScratch("static-erk-exact", rewiring: null, mode: TrainingMode.Exact)];

    /// <summary>Finds a method.</summary>
    /// <exception cref="ArgumentException">There is none of that name.</exception>
    public static Method Find(string name)
        => All.Concat(Extra).FirstOrDefault(method => method.Name == name)
            ?? throw new ArgumentException($"There is no method '{name}'. There are: {string.Join(", ", All.Select(method => method.Name))}.");
}
