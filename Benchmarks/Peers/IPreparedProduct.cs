namespace KernelGen.Benchmarks.Peers;

/// <summary>A peer with a product's weights and activations, ready to run.</summary>
internal interface IPreparedProduct : IDisposable
{
    /// <summary>Computes the product once.</summary>
    void Run();

    /// <summary>The last result, [M, N].</summary>
    float[] Result();

    /// <summary>Frees what is native; most have nothing.</summary>
    void IDisposable.Dispose()
    {
    }
}
