namespace KernelGen.Pruning;

/// <summary>How and when the layers of a model are pruned: what its annotations declare, or what a program composes.</summary>
/// <param name="Layers">One entry per layer of the model, in order; null for a layer that is not pruned.</param>
/// <param name="Budget">Spreads the sparsity over the layers.</param>
public sealed record PruningPlan(IReadOnlyList<LayerPruning?> Layers, IBudget Budget)
{
    /// <summary>Prunes all layers that have a pattern in the same way.</summary>
    /// <param name="model">The model.</param>
    /// <param name="pruning">How and when.</param>
    /// <param name="budget">Spreads the sparsity over the layers; the declared one, or by hand, unless given.</param>
    /// <exception cref="ArgumentException">The declared budget is unknown, or its sparsity or a minimum is out of range.</exception>
    public static PruningPlan Of(ModelDescriptor model, LayerPruning pruning, IBudget? budget = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(pruning);
        return new PruningPlan([.. model.Layers.Select(layer => layer.Pattern is DensePattern ? null : pruning)], budget ?? ReadBudget(model));
    }

    /// <summary>
    /// Reads the plan that a model's annotations declare. A layer's own <see cref="PruneAttribute"/> replaces the model's
    /// criterion and schedule; the budget is always the model's, or by hand if the model has none. A layer without either is not
    /// pruned.
    /// </summary>
    /// <param name="model">The model.</param>
    /// <param name="totalSteps">Optimiser steps of the whole run, at least 1.</param>
    /// <param name="seed">The run's, for <see cref="Criterion.Random"/>.</param>
    /// <exception cref="ArgumentException">Nothing is declared, or a setting lies outside its range.</exception>
    public static PruningPlan From(ModelDescriptor model, long totalSteps, int seed = 0)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentOutOfRangeException.ThrowIfLessThan(totalSteps, 1);
        if (model.Prune is null && model.Layers.All(static layer => layer.Prune is null))
        {
            throw new ArgumentException(
                $"Model '{model.Name}' declares no pruning. Add [Prune(Criterion.Magnitude, Schedule.Cubic)] to the class or to a "
                + $"layer, or prune without a schedule by KernelGen.Pruning.{nameof(ModelPruner)}.{nameof(ModelPruner.PruneNow)}.",
                nameof(model));
        }

        return new PruningPlan([.. model.Layers.Select(layer => Read(model, layer, totalSteps, seed))], ReadBudget(model));
    }

    /// <summary>The budget that a model declares; by hand if it declares none.</summary>
    /// <param name="model">The model.</param>
    /// <exception cref="ArgumentException">The budget is unknown, or its sparsity or a minimum is out of range.</exception>
    internal static IBudget ReadBudget(ModelDescriptor model)
    {
        if (model.Prune is not { } settings)
        {
            return new ByHandBudget();
        }

        var minimum = new Minimum { PerLayer = settings.MinimumPerLayer, PerOutput = settings.MinimumPerOutput };
        return settings.Budget switch
        {
            KernelGen.Budget.ByHand => new ByHandBudget(minimum),
            KernelGen.Budget.Uniform => new UniformBudget(settings.Sparsity, minimum),
            KernelGen.Budget.Erk => new ErkBudget(settings.Sparsity, minimum),
            KernelGen.Budget.Global => new GlobalBudget(settings.Sparsity, minimum),
            _ => throw new ArgumentException($"Model '{model.Name}' declares the unknown budget {settings.Budget}.", nameof(model)),
        };
    }

    /// <summary>The criterion and the unit that a declaration names, with a timeline in place of its schedule.</summary>
    internal static LayerPruning ReadPruning(PruneSettings settings, PruningTimeline timeline, int seed = 0)
    {
        var pruning = new LayerPruning(ReadCriterion(settings.Criterion, seed), timeline);
        return settings.Unit == PruningUnit.Pattern ? pruning : pruning with { Unit = settings.Unit };
    }

    private static ICriterion ReadCriterion(Criterion criterion, int seed) => criterion switch
    {
        Criterion.Magnitude => new MagnitudeCriterion(),
        Criterion.Random => new RandomCriterion(seed),
        Criterion.FirstOrder => new FirstOrderCriterion(),
        Criterion.Snip => new SnipCriterion(),
        Criterion.Taylor => new TaylorCriterion(),
        Criterion.Grasp => new GraspCriterion(),
        Criterion.SynFlow => new SynFlowCriterion(),
        Criterion.Movement => new MovementCriterion(),
        Criterion.Fisher => new FisherCriterion(),
        Criterion.WoodFisher => new WoodFisherCriterion(),
        Criterion.KFac => new KFacCriterion(),
        Criterion.SparseGpt => new SparseGptCriterion(),
        Criterion.Wanda => new WandaCriterion(),
        Criterion.Activity => new ActivityCriterion(),
        Criterion.Correlation => new CorrelationCriterion(),
        _ => throw new ArgumentException($"The criterion {criterion} is unknown.", nameof(criterion)),
    };

    private static LayerPruning? Read(ModelDescriptor model, LayerDescriptor layer, long totalSteps, int seed)
    {
        if ((layer.Prune ?? model.Prune) is not { } settings || layer.Pattern is DensePattern)
        {
            return null;
        }

        try
        {
            return ReadPruning(settings, PruningTimeline.From(settings, totalSteps), seed);
        }
        catch (ArgumentException exception)
        {
            throw new ArgumentException(
                $"The pruning of layer '{layer.Name}' of model '{model.Name}': {exception.Message}", nameof(model), exception);
        }
    }
}
