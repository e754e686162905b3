using Study.Training;

namespace Study.Methods;

/// <summary>The grid that `--tune` tries on the validation images, and what it chose.</summary>
internal static class Chosen
{
    /// <summary>What tuning tries, the same for all families: rates, each without regularisation, with a little and with more.</summary>
    public static IReadOnlyList<Settings> Grid { get; } =
    [
        .. from rate in (double[])[1e-3, 2.5e-3, 5e-3]
           from settings in (Settings[])[new(rate), Light(rate), new(rate, Dropout: 0.1, WeightDecay: 0.2, LabelSmoothing: 0.05)]
           select settings,
    ];

    /// <summary>Where it tries that; settings serve for sparsities up to halfway to the next.</summary>
    public static IReadOnlyList<double> Sparsities { get; } = [0.9, 0.95, 0.98];

    /// <summary>The methods that stand for their families.</summary>
    public static IReadOnlyList<string> Methods { get; } = ["dense", "movement", "rigl"];

    private static Settings Light(double rate) => new(rate, WeightDecay: 0.1, LabelSmoothing: 0.1);

    /// <summary>The settings of a family.</summary>
    public static Settings For(Family family, double sparsity) => (family, sparsity) switch
    {
        (Family.Dense, _) => Light(1e-3),
        (Family.Pruned, < 0.965) => Light(1e-3),
        (Family.Pruned, _) => Light(2.5e-3),
        (Family.FromScratch, < 0.925) => Light(2.5e-3),
        (Family.FromScratch, < 0.965) => Light(5e-3),
        (Family.FromScratch, _) => new(2.5e-3),
        _ => throw new ArgumentOutOfRangeException(nameof(family), family, "The family has no settings."),
    };
}
