using ILGPU.Runtime;
using KernelGen.Gpu.Kernels;

namespace KernelGen.Gpu.Running;

/// <summary>How many features one launch reaches. Groups of samples may be billions, but of groups of features a device takes few: 65,535 on CUDA.</summary>
internal static class GridLimit
{
    /// <summary>Whether a kernel's groups for so many rows fit into one launch.</summary>
    public static bool Allows(Accelerator accelerator, GpuKernel kernel, int rows) => kernel.Grid(rows, 1).Rows <= accelerator.MaxGridSize.Y;

    /// <summary>Checks a product's rows, whichever of its kernels the mask will choose: the widest of either kind reaches all.</summary>
    /// <inheritdoc cref="Check(Accelerator, string, int, string, int)"/>
    public static void Check(Accelerator accelerator, string layer, int features, string what, IReadOnlyList<GpuKernel>? sparse, IReadOnlyList<GpuKernel> dense)
        => Check(accelerator, layer, features, what, Math.Min((sparse ?? dense)[0].GroupRows, dense[0].GroupRows));

    /// <summary>Checks that groups of so many features reach all.</summary>
    /// <param name="accelerator">The device.</param>
    /// <param name="layer">The layer's name.</param>
    /// <param name="features">Its features.</param>
    /// <param name="what">What they are: "inputs" or "outputs".</param>
    /// <param name="groupFeatures">Features of a group.</param>
    /// <exception cref="NotSupportedException">They don't.</exception>
    public static void Check(Accelerator accelerator, string layer, int features, string what, int groupFeatures)
    {
        var groups = accelerator.MaxGridSize.Y;
        if (((features - 1) / groupFeatures) + 1 > groups)
        {
            throw new NotSupportedException(FormattableString.Invariant(
                $"Layer '{layer}' has {features:N0} {what}, where the device {accelerator.Name} takes {(long)groups * groupFeatures:N0} at most: {groups:N0} groups of {groupFeatures}. ")
                + "Split the layer into smaller ones, or run the model on the processor; the model itself is as it was.");
        }
    }
}
