using System.Globalization;

namespace KernelGen.Dispatch;

/// <summary>Which of a layer's kernels runs, and why.</summary>
/// <typeparam name="TKernel">The regime's kernel.</typeparam>
/// <param name="Kernel">The kernel.</param>
/// <param name="IsSparse">Whether inactive weights are left out.</param>
/// <param name="Reason">Why it runs.</param>
internal readonly record struct KernelChoice<TKernel>(TKernel Kernel, bool IsSparse, string Reason)
    where TKernel : Kernel;

/// <summary>Chooses among a layer's kernels.</summary>
internal static class KernelChoice
{
    /// <summary>Of the dense kernel's cost, what a sparse one may cost at most: an estimate that errs shall not make a layer slower.</summary>
    private const double WorthIt = 0.95;

    /// <summary>The cheapest sparse kernel, where it is clearly cheaper than the dense one; else that.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="sparse">Its sparse kernels; null for a layer that is declared dense.</param>
    /// <param name="dense">Its dense kernels.</param>
    /// <param name="set">The instruction set.</param>
    /// <param name="cost">What a kernel takes, in any unit.</param>
    /// <param name="how">How that is known: "estimated" or "measured".</param>
    public static KernelChoice<TKernel> Of<TKernel>(
        LayerDescriptor layer, IReadOnlyList<TKernel>? sparse, IReadOnlyList<TKernel> dense, InstructionSet set, Func<TKernel, double> cost, string how)
        where TKernel : Kernel
    {
        var fallback = dense.FirstOrDefault(kernel => kernel.InstructionSet == set)
            ?? throw new InvalidOperationException(
                $"The build emitted no kernel for {Isa.NameOf(set)} in layer {layer.Name}: " +
                $"choose another instruction set by {Isa.EnvironmentVariable}.");
        if (sparse is null)
        {
            return new(fallback, false, "the layer is declared dense");
        }

        var candidates = sparse.Where(kernel => kernel.InstructionSet == set).Select(kernel => (Kernel: kernel, Cost: cost(kernel))).ToList();
        if (candidates.Count == 0)
        {
            return new(fallback, false, $"the build emitted no sparse kernel for {Isa.NameOf(set)}: runs dense");
        }

        var (best, least) = candidates.MinBy(candidate => candidate.Cost);
        var share = least / cost(fallback);
        var estimate = string.Create(CultureInfo.InvariantCulture, $"{how} at {share:0.##} of the dense kernel's time");
        return share <= WorthIt
            ? new(best, true, $"{estimate}: runs sparse")
            : new(fallback, false, $"the best sparse kernel is {estimate}: runs dense");
    }
}
