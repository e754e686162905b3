using System.Collections.Generic;
using KernelGen.Generator.Planning;

namespace KernelGen.Generator.Emission;

/// <summary>The emitted kernels of one kind: a table, and a file for each dialect.</summary>
internal static class KernelEmitter
{
    public static IEnumerable<GeneratedFile> Emit(KernelKind kind, string kernelNamespace)
    {
        _ = kind;
        _ = kernelNamespace;
        return [];
    }
}
