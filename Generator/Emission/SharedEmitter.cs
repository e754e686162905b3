using System.Collections.Generic;
using KernelGen.Generator.Model;

namespace KernelGen.Generator.Emission;

/// <summary>What all kernels of a compilation share: the activations in use, and the transposes at a model's ends.</summary>
internal static class SharedEmitter
{
    public static IEnumerable<GeneratedFile> Emit(EquatableArray<Activation> activations, string kernelNamespace)
    {
        _ = activations;
        _ = kernelNamespace;
        return [];
    }
}
