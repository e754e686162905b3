using System.Runtime.CompilerServices;

namespace KernelGen.Torch.Tests;

internal static class Start
{
    // Before any test touches torch.
    [ModuleInitializer]
    internal static void LoadTorch() => LibTorch.EnsureLoadable();
}
