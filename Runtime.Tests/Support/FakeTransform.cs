using KernelGen.Dispatch;
using KernelGen.Vectors;

namespace KernelGen.Runtime.Tests;

/// <summary>A scalar stand-in for the transposes; it writes garbage wherever the real ones may.</summary>
internal static unsafe class FakeTransform<TSet>
    where TSet : IFakeSet
{
    private static int Width => Panel.Width(TSet.Set);

    public static PanelTransform Create() => new(TSet.Set, &Pack, &Unpack);

    private static void Pack(float* source, nint stride, int features, int columns, float* panel)
    {
        var rows = (features + Panel.RowMultiple - 1) / Panel.RowMultiple * Panel.RowMultiple;
        new Span<float>(panel, rows * Width).Fill(float.NaN);
        for (var column = 0; column < columns; column++)
        {
            for (var feature = 0; feature < features; feature++)
            {
                panel[(feature * Width) + column] = source[(column * stride) + feature];
            }
        }
    }

    private static void Unpack(float* panel, int features, int columns, float* destination, nint stride)
    {
        for (var column = 0; column < columns; column++)
        {
            for (var feature = 0; feature < features; feature++)
            {
                destination[(column * stride) + feature] = panel[(feature * Width) + column];
            }
        }
    }
}
