using Study.Training;

namespace Study.Methods;

/// <summary>What `--tune` chose on the validation split, and the grid that it tried.</summary>
internal static class Chosen
{
    /// <summary>Tuning's sparsity.</summary>
    public const double Sparsity = 0.98;

    /// <summary>The settings of a family. From scratch 0.008 was better by 0.3 points in one of two runs, which is noise, and pruned models fall apart at it.</summary>
    public static Settings For(Family family, double sparsity) => family switch
    {
        Family.Dense => new(LearningRate: 1e-3, Dropout: 0.1),
        Family.Pruned => new(LearningRate: 2e-3),
        Family.FromScratch => new(LearningRate: 4e-3),
        _ => throw new ArgumentOutOfRangeException(nameof(family), family, "The family has no settings."),
    };

    /// <summary>What tuning tries: the same for all families.</summary>
    public static IReadOnlyList<Settings> Grid { get; } =
    [
        .. from rate in (double[])[1e-3, 2e-3, 4e-3, 8e-3]
           from dropout in (double[])[0, 0.1]
           select new Settings(rate, dropout),
    ];
}
