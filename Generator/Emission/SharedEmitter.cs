using System.Collections.Generic;
using System.Linq;
using KernelGen.Generator.Emission.Cpu;
using KernelGen.Generator.Emission.Cpu.Strips;
using KernelGen.Generator.Planning;

namespace KernelGen.Generator.Emission;

/// <summary>What all kernels of a compilation share: the activations in use, what strips have in common, and the transposes at a model's ends.</summary>
internal static class SharedEmitter
{
    public static IEnumerable<GeneratedFile> Emit(InUse<FusedActivation> use)
    {
        var kernelNamespace = use.Namespace;
        var activations = use.Values.Select(fused => fused.Activation).Where(activation => activation != Activation.None).Distinct().ToList();
        yield return PanelTransformEmitter.Emit(kernelNamespace);
        yield return FusedActivationEmitter.Emit(use);
        yield return StripInterfaceEmitter.Emit(kernelNamespace);
        foreach (var dialect in Dialect.All)
        {
            yield return VectorsEmitter.Emit(dialect, kernelNamespace);
            yield return SquareEmitter.Emit(dialect, kernelNamespace);
            if (activations.Count > 0)
            {
                yield return ActivationEmitter.Emit(dialect, activations, kernelNamespace);
            }
        }
    }
}
