using Study.Training;

namespace Study.Methods;

/// <summary>The grid that `--tune` tries on the validation images, and what it chose.</summary>
internal static class Chosen
{
    // Sparser than this, models have other wishes.
    private const double Sparser = 0.97;

    /// <summary>What tuning tries, the same for all families: rates, each without regularisation, with a little and with more.</summary>
    public static IReadOnlyList<Settings> Grid { get; } =
    [
        .. from rate in (double[])[1e-3, 2.5e-3, 5e-3]
           from settings in (Settings[])[new(rate), new(rate, WeightDecay: 0.1, LabelSmoothing: 0.1), new(rate, Dropout: 0.1, WeightDecay: 0.2, LabelSmoothing: 0.05)]
           select settings,
    ];

    /// <summary>Where it tries that: the first for sparsities up to 95%, the second beyond.</summary>
    public static IReadOnlyList<double> Sparsities { get; } = [0.9, 0.98];

    /// <summary>The methods that stand for their families.</summary>
    public static IReadOnlyList<string> Methods { get; } = ["dense", "movement", "rigl"];

    /// <summary>The settings of a family.</summary>
    public static Settings For(Family family, double sparsity) => family switch
    {
        Family.Dense => new(1e-3, Dropout: 0.1, WeightDecay: 0.2, LabelSmoothing: 0.05),
        Family.Pruned when sparsity > Sparser => new(2.5e-3, WeightDecay: 0.1, LabelSmoothing: 0.1),
        Family.Pruned => new(2.5e-3, WeightDecay: 0.1, LabelSmoothing: 0.1),
        Family.FromScratch when sparsity > Sparser => new(5e-3),
        Family.FromScratch => new(2.5e-3),
        _ => throw new ArgumentOutOfRangeException(nameof(family), family, "The family has no settings."),
    };
}
