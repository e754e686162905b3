using System.Runtime.CompilerServices;
using ILGPU.Runtime;

namespace KernelGen.Gpu.Running;

/// <summary>
/// One lock for each device, held while a kernel is launched. On OpenCL a launch sets the arguments of a kernel one by one, on an object that all models on the device
/// share: two threads would mix theirs.
/// </summary>
internal static class LaunchLock
{
    private static readonly ConditionalWeakTable<Accelerator, Lock> Locks = [];

    public static Lock Of(Accelerator accelerator) => Locks.GetOrCreateValue(accelerator);
}
