namespace KernelGen.Gpu.Formats;

/// <summary>A mask as the kernel of its weight gradient reads it.</summary>
/// <param name="Windows">The window of columns of each group.</param>
/// <param name="Rows">The first row of each unit.</param>
/// <param name="Places">Each unit's first column in the window, or a byte for each of its columns.</param>
/// <param name="Targets">Which active weight each of a unit's is, row by row of the unit; -1 for none.</param>
internal sealed record SampledGpuArrays(int[] Windows, int[] Rows, int[] Places, int[] Targets)
{
    public long Bytes => sizeof(int) * ((long)Windows.Length + Rows.Length + Places.Length + Targets.Length);
}
