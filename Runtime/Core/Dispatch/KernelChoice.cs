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
    /// <summary>The first sparse kernel whose crossover isn't below the density, else the dense one.</summary>
    public static KernelChoice<TKernel> Of<TKernel>(
        LayerDescriptor layer, IReadOnlyList<TKernel>? sparse, IReadOnlyList<TKernel> dense, InstructionSet set, double density)
        where TKernel : Kernel
    {
        var crossover = double.NegativeInfinity;
        foreach (var kernel in sparse ?? [])
        {
            if (kernel.InstructionSet != set)
            {
                continue;
            }

            if (density <= kernel.MaxDensity)
            {
                return new(kernel, true, $"density {Text(density)} is within the crossover {Text(kernel.MaxDensity)}: runs sparse");
            }

            crossover = Math.Max(crossover, kernel.MaxDensity);
        }

        var reason = sparse is null ? "the layer is declared dense"
            : double.IsNegativeInfinity(crossover) ? $"the build emitted no sparse kernel for {Isa.NameOf(set)}: runs dense"
            : $"density {Text(density)} is above the crossover {Text(crossover)}: runs dense";
        foreach (var kernel in dense)
        {
            if (kernel.InstructionSet == set)
            {
                return new(kernel, false, reason);
            }
        }

        throw new InvalidOperationException(
            $"The build emitted no kernel for {Isa.NameOf(set)} in layer {layer.Name}: " +
            $"choose another instruction set by {Isa.EnvironmentVariable}.");
    }

    private static string Text(double density) => density.ToString("0.####", CultureInfo.InvariantCulture);
}
