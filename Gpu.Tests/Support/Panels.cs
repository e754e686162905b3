namespace KernelGen.Gpu.Tests;

/// <summary>Activations as kernels take them, [features][stride].</summary>
internal static class Panels
{
    /// <summary>What a kernel must overwrite, or leave alone.</summary>
    public const float Canary = 12345;

    /// <summary>A row-major batch, with NaN behind the last sample.</summary>
    public static float[] Of(float[] batchMajor, int features, int batch, int stride)
    {
        var panel = Filled(features * stride, float.NaN);
        for (var i = 0; i < batch * features; i++)
        {
            panel[(i % features * stride) + (i / features)] = batchMajor[i];
        }

        return panel;
    }

    public static float[] Filled(int count, float value = Canary)
    {
        var filled = new float[count];
        Array.Fill(filled, value);
        return filled;
    }
}
