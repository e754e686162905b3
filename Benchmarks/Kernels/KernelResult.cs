namespace KernelGen.Benchmarks.Kernels;

/// <summary>What one case measured.</summary>
/// <param name="Op">SpMM, or SpMV for one sample.</param>
/// <param name="Pattern">The pattern.</param>
/// <param name="M">Outputs.</param>
/// <param name="K">Inputs.</param>
/// <param name="N">Samples.</param>
/// <param name="Sparsity">Fraction of zeros.</param>
/// <param name="Isa">The instruction set.</param>
/// <param name="Kernel">The emitted method that ran.</param>
/// <param name="Milliseconds">Of one Forward, feature-major, the median.</param>
/// <param name="GFlops">Effective: 2 nnz N a second.</param>
/// <param name="GBytes">Pack, activations and outputs, each once, a second.</param>
/// <param name="RooflineShare">The least time that the roofline allows, over the measured one.</param>
/// <param name="Bound">What that least time is bound by.</param>
/// <param name="RowMajor">The speed of a row-major Forward as a share of the feature-major one.</param>
/// <param name="OwnDense">Speed-up over the same shape as a dense layer of ours.</param>
/// <param name="BestDense">The fastest dense peer.</param>
/// <param name="OverBestDense">Speed-up over it.</param>
/// <param name="Goal">The speed-up over it that is wanted.</param>
/// <param name="Peers">Speed-up over every peer that ran.</param>
internal sealed record KernelResult(
    string Op,
    string Pattern,
    int M,
    int K,
    int N,
    double Sparsity,
    string Isa,
    string Kernel,
    double Milliseconds,
    double GFlops,
    double GBytes,
    double RooflineShare,
    string Bound,
    double RowMajor,
    double OwnDense,
    string BestDense,
    double OverBestDense,
    double? Goal,
    IReadOnlyDictionary<string, double> Peers)
{
    /// <summary>The speed-up over a peer; NaN where it didn't run.</summary>
    public double Over(string peer) => Peers.TryGetValue(peer, out var speedUp) ? speedUp : double.NaN;
}
