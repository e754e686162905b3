namespace KernelGen.Benchmarks.Peers;

/// <summary>The libraries that the kernels are measured against.</summary>
internal static class AllPeers
{
    /// <summary>Those that this machine has.</summary>
    /// <param name="report">Told the name of each that it lacks, and how to get it.</param>
    public static IReadOnlyList<Peer> Installed(Action<string, string> report)
    {
        Peer[] all =
        [
            new OneDnn(rowMajor: false), new OneDnn(rowMajor: true), new TorchDense(), new OnnxRuntimeDense(),
            new StreamingSpmv(rows: 2), new StreamingSpmv(rows: 8), new TorchSparse(), new XnnpackSparse(),
        ];
        foreach (var peer in all.Where(peer => peer.Missing is not null))
        {
            report(peer.Name, peer.Missing!);
        }

        return [.. all.Where(peer => peer.Missing is null)];
    }
}
