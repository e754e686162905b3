using System.Globalization;
using Study.Training;

namespace Study.Running;

/// <summary>One training run of a study: equal keys are the same run.</summary>
/// <param name="Data">The data's name; where settings are tuned, it says so.</param>
/// <param name="Method">The method's name.</param>
/// <param name="Sparsity">The fraction of zeros to reach over all layers; 0 for dense.</param>
/// <param name="Seed">Of weights, masks and the order of the data.</param>
/// <param name="Epochs">Passes over the data.</param>
/// <param name="Batch">Samples of a step.</param>
/// <param name="Settings">What tuning chose.</param>
internal sealed record RunKey(string Data, string Method, double Sparsity, int Seed, int Epochs, int Batch, Settings Settings)
{
    /// <summary>A name for files.</summary>
    public string Id => string.Create(CultureInfo.InvariantCulture, $"{Data}-{Method}-{Sparsity}-seed{Seed}-epochs{Epochs}-batch{Batch}-{Settings}");

    /// <summary>What a reader sees.</summary>
    public override string ToString()
        => string.Create(CultureInfo.InvariantCulture, $"{Method}{(Sparsity > 0 ? $" {100 * Sparsity:0.##}%" : "")} seed {Seed}");
}
