using System.Runtime.CompilerServices;

// Torch uses every core by itself, and its random generator and tensor counts are the process's.
[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace KernelGen.Torch.Tests;

internal static class Start
{
    // Before any test touches torch.
    [ModuleInitializer]
    internal static void LoadTorch() => LibTorch.EnsureLoadable();
}
