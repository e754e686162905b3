using KernelGen.Formats;

namespace KernelGen.Dispatch;

/// <summary>A method of a <see cref="SampledKernel"/>.</summary>
/// <param name="samples">Samples that it takes at a time, all of which must be there.</param>
/// <param name="run">The emitted method: x, xStride, dy, dyStride, gradient, add, scratch, mask.</param>
#pragma warning disable CA1815 // Never compared.
public readonly unsafe struct SampledBody(
    int samples, delegate*<float*, nint, float*, nint, float*, bool, float*, in SampledIndex, void> run)
{
    private readonly delegate*<float*, nint, float*, nint, float*, bool, float*, in SampledIndex, void> _run = run;

    /// <summary>Samples that it takes at a time, all of which must be there.</summary>
    public int Samples { get; } = samples;

    internal void Run(float* x, nint xStride, float* dy, nint dyStride, float* gradient, bool add, float* scratch, in SampledIndex mask)
        => _run(x, xStride, dy, dyStride, gradient, add, scratch, in mask);
}
