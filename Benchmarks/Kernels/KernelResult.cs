using System.Text.Json.Serialization;

namespace KernelGen.Benchmarks.Kernels;

/// <summary>What one case measured.</summary>
/// <param name="Pattern">The pattern.</param>
/// <param name="M">Outputs.</param>
/// <param name="K">Inputs.</param>
/// <param name="N">Samples.</param>
/// <param name="Sparsity">Fraction of zeros.</param>
/// <param name="Kernel">The emitted method that ran.</param>
/// <param name="Nonzeros">Weights that aren't zero.</param>
/// <param name="PackBytes">Bytes of the packed weights.</param>
/// <param name="Flops">Multiply-adds of nonzeros, times 2.</param>
/// <param name="Bytes">Pack, activations and outputs, each once.</param>
/// <param name="Milliseconds">Of one Forward, feature-major, the median.</param>
/// <param name="RooflineShare">The least time that the roofline allows, over the measured one.</param>
/// <param name="Bound">What that least time is bound by.</param>
/// <param name="RowMajor">The speed of a row-major Forward as a share of the feature-major one.</param>
/// <param name="OwnDense">Speed-up over the same shape as a dense layer of ours.</param>
/// <param name="BestDense">The fastest dense peer.</param>
/// <param name="OverBestDense">Speed-up over it.</param>
/// <param name="Goal">The speed-up over it that is wanted.</param>
/// <param name="Peers">Speed-up over every peer that ran.</param>
internal sealed record KernelResult(
    string Pattern,
    int M,
    int K,
    int N,
    double Sparsity,
    string Kernel,
    long Nonzeros,
    long PackBytes,
    double Flops,
    long Bytes,
    double Milliseconds,
    double RooflineShare,
    string Bound,
    double RowMajor,
    double OwnDense,
    string BestDense,
    double OverBestDense,
    double? Goal,
    IReadOnlyDictionary<string, double> Peers)
{
    /// <summary>The case that was measured.</summary>
    [JsonIgnore]
    public CaseId Id => new(Pattern, Sparsity, M, K, N);

    /// <summary>Whether a few samples don't fill a vector, or just one.</summary>
    [JsonIgnore]
    public bool IsFew => N is > 1 and <= 16;

    /// <summary>Whether samples fill panels.</summary>
    [JsonIgnore]
    public bool IsBatch => N > 16;

    /// <summary>Effective: 2 nnz N a second.</summary>
    public double GFlops => Flops / Milliseconds / 1e6;

    /// <summary>Those bytes a second.</summary>
    public double GBytes => Bytes / Milliseconds / 1e6;

    /// <summary>The speed-up over a peer; NaN where it didn't run.</summary>
    public double Over(string peer) => Peers.TryGetValue(peer, out var speedUp) ? speedUp : double.NaN;
}
