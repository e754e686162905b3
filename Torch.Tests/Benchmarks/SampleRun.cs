using KernelGen.Benchmarks.Kernels;
using KernelGen.Benchmarks.Machine;
using KernelGen.Dispatch;

namespace KernelGen.Torch.Tests.Benchmarks;

/// <summary>A small run with figures that are easy to follow by hand.</summary>
internal static class SampleRun
{
    public static readonly MachineInfo Machine = new("Abacus", 2, "Wood 1", ".NET 10", "Avx512");

    public static KernelResult Result(string pattern, int m, int n, double sparsity, double overBestDense, double? goal, params (string Peer, double Ratio)[] peers)
    {
        // A call of 10 us over a square matrix: 1e-5 GFLOP/s a flop; the pack takes 6 bytes a nonzero.
        var nonzeros = (long)(m * m * (1 - sparsity));
        var flops = 2.0 * nonzeros * n;
        return new KernelResult(
            pattern, m, m, n, sparsity, "Kernels.Panel", nonzeros, 6 * nonzeros, flops, (6 * nonzeros) + (8 * m * n), 0.01, 0.5, n == 1 ? "L2" : "FMA", 0.25,
            3, "oneDNN", overBestDense, goal, peers.ToDictionary(peer => peer.Peer, peer => peer.Ratio));
    }

    public static KernelResults Of(params KernelResult[] results)
        => new(Machine, 3, [], new Roofline(new CacheSizes(32 << 10, 1 << 20, 32 << 20), 100e9, 200e9, 100e9, 50e9, 20e9), results);
}
