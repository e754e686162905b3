using KernelGen.Pruning;

namespace KernelGen.Torch;

/// <summary>The functions of weights that a model's <see cref="GrowAttribute"/> declare.</summary>
internal static class DeclaredReparametrisations
{
    // The backward set of Top-KAST, as a multiple of the forward one: its authors take from twice as many weights to five times.
    private const double Backward = 3;

    /// <summary>What creates a layer's; null for a layer that declares none.</summary>
    /// <exception cref="ArgumentException">Nothing is declared, or something that another call follows or the budget doesn't go with.</exception>
    public static Func<MaskedLinear, Reparametrisation?> Of(ModelDescriptor model)
    {
        var declared = GrowthFollower.Reparametrisation.Declared(model);
        var budget = PruningPlan.ReadBudget(model);
        if (declared.FirstOrDefault(pair => pair.Value.Growth == Growth.TopKast).Key is { } layer && WhyUnfit(budget) is { } reason)
        {
            throw new ArgumentException($"Layer '{layer.Name}' of model '{model.Name}' declares Growth.TopKast, and {reason}.", nameof(model));
        }

        var densities = model.Layers.Zip(budget.Densities(model)).ToDictionary(pair => pair.First.Name, pair => pair.Second);
        return own => declared.TryGetValue(own.Layer, out var settings)
            ? settings.Growth == Growth.SRSte ? new StraightThroughNM(own) : ByDensity(own, densities[own.Layer.Name], budget.Minimum)
            : null;
    }

    private static TopKast ByDensity(MaskedLinear layer, double density, Minimum minimum)
    {
        var least = Math.Max(density, (double)minimum.Of(layer.Layer) / layer.Layer.WeightCount);
        return new TopKast(layer, least, Math.Min(1, Backward * least));
    }

    private static string? WhyUnfit(IBudget budget) => budget switch
    {
        { Competes: true } => $"Budget.{nameof(Budget.Global)} leaves open how many weights a layer keeps: choose another Budget in the model's [Prune]",
        { Minimum.PerOutput: > 0 } => "Top-KAST ranks over the whole layer, so that it can't keep a MinimumPerOutput: remove that from the model's [Prune]",
        _ => null,
    };
}
