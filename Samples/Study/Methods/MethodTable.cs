using KernelGen.Measures;
using KernelGen.Pruning;
using KernelGen.Torch;
using Study.Training;

namespace Study.Methods;

/// <summary>All methods of the study.</summary>
internal static class MethodTable
{
    // Tried on the validation split, at 98%: to end at 0.35 or 0.5 of the run is better than at 0.65 or 0.8, by up to 0.7 points.
    private const double Begin = 0.05;
    private const double End = 0.4;
    private const int Every = 50;

    public static IReadOnlyList<Method> All { get; } =
    [
        new("dense", Family.Dense, run => run.Architecture.Dense(TrainingMode.Exact, run.Seed), run => TrainingFlops.Dense(run.DenseFlops)),
        Pruned("gradual-uniform", run => Gradual(run, new UniformBudget(run.Sparsity))),
        Pruned("gradual-erk", run => Gradual(run, new ErkBudget(run.Sparsity))),
        Pruned("gradual-global", run => Gradual(run, new GlobalBudget(run.Sparsity))),
        Pruned("one-shot-global", run => OneShot(run, new GlobalBudget(run.Sparsity))),
        FromScratch("static-erk", rewiring: null),
        FromScratch("set", run => Rewiring.Set(every: run.EpochSteps)),
        FromScratch("rigl", _ => Rewiring.RigL()),
    ];

    /// <summary>Methods that are run where they are named: what dense products and masks take for a method that is sparse from the start.</summary>
    public static IReadOnlyList<Method> Extra { get; } = [FromScratch("static-erk-exact", rewiring: null, TrainingMode.Exact)];

    /// <summary>Finds a method.</summary>
    /// <exception cref="ArgumentException">There is none of that name.</exception>
    public static Method Find(string name)
        => All.Concat(Extra).FirstOrDefault(method => method.Name == name)
            ?? throw new ArgumentException($"There is no method '{name}'. There are: {string.Join(", ", All.Select(method => method.Name))}.");

    private static PruningPlan Gradual(RunContext run, IBudget budget)
        => Plan(run, budget, new PruningTimeline(new CubicSchedule(), (long)(Begin * run.TotalSteps), (long)(End * run.TotalSteps), Every, run.TotalSteps));

    // Dense training first, then as much fine-tuning as gradual pruning has.
    private static PruningPlan OneShot(RunContext run, IBudget budget)
        => Plan(run, budget, new PruningTimeline(new OneShotSchedule(), (long)(End * run.TotalSteps), (long)(End * run.TotalSteps), every: 1, run.TotalSteps));

    private static PruningPlan Plan(RunContext run, IBudget budget, PruningTimeline timeline)
        => new([.. run.Architecture.Descriptor.Layers.Select(_ => new LayerPruning(new MagnitudeCriterion(), timeline))], budget);

    /// <summary>Dense at first; a plan prunes it.</summary>
    private static Method Pruned(string name, Func<RunContext, PruningPlan> plan) => new(
        name,
        Family.Pruned,
        run => run.Architecture.Sparse(TrainingMode.Sparse, run.Seed),
        run => TrainingFlops.Gradual(run.Architecture.Descriptor, plan(run), run.TotalSteps),
        (run, module, optimizer, done) => new Pruner(module, optimizer, plan(run), run.TotalSteps, done).Step);

    /// <summary>Sparse from the first step on, by ERK, on the emitted kernels.</summary>
    private static Method FromScratch(string name, Func<RunContext, Rewiring>? rewiring, TrainingMode mode = TrainingMode.Sparse) => new(
        name,
        Family.FromScratch,
        run => run.Architecture.Sparse(mode, run.Seed, RandomMasks.Create(run.Architecture.Descriptor, run.Seed, new ErkBudget(run.Sparsity))),
        run => rewiring?.Invoke(run) is { Growth.NeedsGradient: true } rule
            ? TrainingFlops.RigL((1 - run.Sparsity) * run.DenseFlops, run.DenseFlops, rule.Every)
            : TrainingFlops.Static((1 - run.Sparsity) * run.DenseFlops),
        rewiring is null ? null : (run, module, optimizer, done) => new Rewirer(module, optimizer, rewiring(run), run.TotalSteps, run.Seed, done).Step);
}
