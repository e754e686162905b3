using KernelGen;
using KernelGen.Measures;
using KernelGen.Pruning;
using KernelGen.Torch;
using Study.Training;

namespace Study.Methods;

/// <summary>Builders of methods.</summary>
internal static class Building
{
    // Parts of the run. The earlier the last mask stands, the longer it trains at a high rate; below 98% later ends are as good.
    private const double Begin = 0.1;
    private const double End = 0.5;

    /// <summary>Dense at first; pruned by a criterion on the cubic schedule.</summary>
    public static Method Gradual(string name, ICriterion criterion, Func<double, IBudget> budget, int samplesPerClass = 0, int every = 50)
        => Pruned(
            name,
            run => PruningPlan.Of(
                run.Architecture.Descriptor,
                new LayerPruning(criterion, new PruningTimeline(new CubicSchedule(), At(Begin, run), At(End, run), every, run.TotalSteps)),
                budget(run.Sparsity)),
            samplesPerClass);

    /// <summary>Dense at first, pruned at once over all layers, fine-tuned for as long as after gradual pruning.</summary>
    public static Method OneShot(string name, ICriterion criterion, int samplesPerClass = 0)
        => Pruned(name, run => AtOnce(run, criterion, End), samplesPerClass);

    /// <summary>
    /// Half of the run is dense; what magnitude then leaves gets its initial values again, and trains for the other half from the full learning rate on
    /// (Frankle and Carbin 2019, arXiv 1803.03635, in one round).
    /// </summary>
    public static Method LotteryTicket(string name)
    {
        PruningPlan Plan(RunContext run) => AtOnce(run, new MagnitudeCriterion(), 0.5);
        return Pruned(name, Plan, samplesPerClass: 0) with
        {
            Begin = (run, module, optimizer) =>
            {
                var rewinder = new Rewinder(module, optimizer);
                return done =>
                {
                    var pruner = new Pruner(module, optimizer, Plan(run), run.TotalSteps, done);
                    return new Course
                    {
                        Pruner = pruner,
                        AfterStep = () =>
                        {
                            pruner.Step();
                            if (pruner.Updated)
                            {
                                rewinder.Rewind(pruner);
                            }
                        },
                    };
                };
            },
            Rate = progress => (1 + Math.Cos(Math.PI * (2 * progress % 1))) / 2,
        };
    }

    /// <summary>Sparse and dense in turn, sparse at the end.</summary>
    public static Method Alternating(string name)
    {
        // The last phase is twice the authors': a run is shorter than theirs of 100 epochs.
        var alternation = new Alternation(LastSparse: 0.3);
        return new(
            name,
            Family.Pruned,
            run => run.Architecture.Sparse(TrainingMode.Sparse, run.Seed),
            run => TrainingFlops.Dense(run.DenseFlops) * Enumerable.Range(0, 1000).Average(step => alternation.IsSparse(step, 1000) ? 1 - run.Sparsity : 1))
        {
            Begin = (run, module, optimizer) => done
                => new Course { AfterStep = new Alternator(module, optimizer, alternation, run.TotalSteps, done, new GlobalBudget(run.Sparsity)).Step },
        };
    }

    /// <summary>Computes with the largest weights by ERK, while gradients reach three times as many.</summary>
    public static Method TopKast(string name) => new(
        name,
        Family.Pruned,
        run =>
        {
            var module = run.Architecture.Sparse(TrainingMode.Exact, run.Seed);
            var densities = new ErkBudget(run.Sparsity).Densities(module.Model);
            var next = 0;
            module.Reparametrise(layer => new TopKast(layer, densities[next], Math.Min(1, 3 * densities[next++])));
            return module;
        },
        run => (2 + Math.Min(3, 1 / (1 - run.Sparsity))) * (1 - run.Sparsity) * run.DenseFlops)
    {
        Begin = (_, module, _) => _ => new Course { Penalty = module.Penalty, Finish = module.Commit },
    };

    /// <summary>Sparse from the first step on, with random masks by ERK that may change.</summary>
    public static Method FromScratch(string name, Func<RunContext, Rewiring>? rewiring, double room = 1, TrainingMode mode = TrainingMode.Sparse) => new(
        name,
        Family.FromScratch,
        run => run.Architecture.Sparse(mode, run.Seed, RandomMasks.Create(run.Architecture.Descriptor, run.Seed, new ErkBudget(run.Sparsity)), room),
        run => FlopsFromScratch(run, rewiring?.Invoke(run)))
    {
        Begin = (run, module, optimizer) => done
            => rewiring is null ? Course.None : new Course { AfterStep = new Rewirer(module, optimizer, rewiring(run), run.TotalSteps, run.Seed, done).Step },
    };

    /// <summary>Sparse from the first step on, with masks that a criterion finds in the initial weights, over all layers.</summary>
    public static Method AtInitialisation(string name, ICriterion criterion, int rounds = 1, int samplesPerClass = 0, double temperature = 1) => new(
        name,
        Family.FromScratch,
        run =>
        {
            using var dense = run.Architecture.Sparse(TrainingMode.Exact, run.Seed);
            var calibration = samplesPerClass > 0 ? CalibrationBatches.Of(run, samplesPerClass, temperature) : null;
            ModulePruner.PruneInRounds(dense, criterion, rounds, calibration, budget: new GlobalBudget(run.Sparsity));
            return run.Architecture.Sparse(TrainingMode.Sparse, run.Seed, Masks(run.Architecture.Deployed(dense), dense));
        },
        run => FlopsFromScratch(run, null));

    private static Method Pruned(string name, Func<RunContext, PruningPlan> plan, int samplesPerClass) => new(
        name,
        Family.Pruned,
        run => run.Architecture.Sparse(TrainingMode.Sparse, run.Seed),
        run => TrainingFlops.Gradual(run.Architecture.Descriptor, plan(run), run.TotalSteps))
    {
        Begin = (run, module, optimizer) => done =>
        {
            var calibration = samplesPerClass > 0 ? CalibrationBatches.Of(run, samplesPerClass) : null;
            var pruner = new Pruner(module, optimizer, plan(run), run.TotalSteps, done, calibration);
            return new Course { AfterStep = pruner.Step, Pruner = pruner };
        },
    };

    private static PruningPlan AtOnce(RunContext run, ICriterion criterion, double when)
        => PruningPlan.Of(
            run.Architecture.Descriptor,
            new LayerPruning(criterion, new PruningTimeline(new OneShotSchedule(), At(when, run), At(when, run), every: 1, run.TotalSteps)),
            new GlobalBudget(run.Sparsity));

    private static bool[][] Masks(ISparseModel model, SparseModule module)
    {
        module.CopyTo(model);
        return [.. model.Layers.Select(layer =>
        {
            var mask = new bool[layer.Descriptor.WeightCount];
            layer.GetMask(mask);
            return mask;
        })];
    }

    private static double FlopsFromScratch(RunContext run, Rewiring? rewiring)
    {
        var sparse = (1 - run.Sparsity) * run.DenseFlops;
        return rewiring switch
        {
            { Growth.Momentum: > 0 } => TrainingFlops.Snfs(sparse, run.DenseFlops),
            { Growth.NeedsGradient: true } => TrainingFlops.RigL(sparse, run.DenseFlops, rewiring.Every),
            _ => TrainingFlops.Static(sparse),
        };
    }

    private static long At(double share, RunContext run) => (long)(share * run.TotalSteps);
}
