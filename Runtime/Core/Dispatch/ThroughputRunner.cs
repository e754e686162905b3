using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace KernelGen.Dispatch;

/// <summary>The throughput regime: panel after panel through all layers.</summary>
internal static unsafe class ThroughputRunner
{
    public static void Run(
        Workspace workspace, InstructionSet set, PanelTransform? transform, float* input, float* output, int batch)
    {
        var states = workspace.States;
        var width = Panel.Width(set);
        long rows = 0;
        long partialRows = 0;
        foreach (var state in states)
        {
            var layer = state!.Panel(set);
            rows = Math.Max(rows, Math.Max(layer.PaddedIn, layer.PaddedOut));
            partialRows = Math.Max(partialRows, layer.PaddedOut);
        }

        rows = (rows + Panel.RowMultiple - 1) / Panel.RowMultiple * Panel.RowMultiple;
        var x = workspace.Floats(Workspace.Use.Front, rows * width);
        var y = workspace.Floats(Workspace.Use.Back, rows * width);
        var partial = workspace.Floats(Workspace.Use.Partial, partialRows * width);
        var inFeatures = states[0]!.Descriptor.InFeatures;
        var outFeatures = states[^1]!.Descriptor.OutFeatures;

        for (var first = 0; first < batch;)
        {
            var columns = Math.Min(width, batch - first);
            if (transform is null)
            {
                CopyRows(input + first, batch, inFeatures, columns, x, width);
            }
            else
            {
                transform.Pack(input + ((nint)first * inFeatures), inFeatures, inFeatures, columns, x);
            }

            for (var i = 0; i < states.Length; i++)
            {
                var layer = states[i]!.Panel(set);
                // What lies there may be another layer's padding.
                new Span<float>(x + ((nint)layer.In * width), (layer.PaddedIn - layer.In) * width).Clear();
                // The last layer of a feature-major batch has no panel of its own.
                var direct = transform is null && i == states.Length - 1;
                layer.Kernel.Run(
                    x, direct ? output + first : y, direct ? batch : width, columns, partial, in layer.Pack.Weights);
                var next = y;
                y = x;
                x = next;
            }

            if (transform is not null)
            {
                transform.Unpack(x, outFeatures, columns, output + ((nint)first * outFeatures), outFeatures);
            }

            first += columns;
        }
    }

    /// <summary>Copies a feature-major slice; whole rows of a panel by vectors, since each is short and there are many.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void CopyRows(float* source, nint stride, int rows, int columns, float* panel, int width)
    {
        var whole = columns == width && width % Vector512<float>.Count == 0;
        for (; rows > 0; rows--, source += stride, panel += width)
        {
            if (!whole)
            {
                new ReadOnlySpan<float>(source, columns).CopyTo(new Span<float>(panel, columns));
                continue;
            }

            for (var column = 0; column < width; column += Vector512<float>.Count)
            {
                Vector512.Store(Vector512.Load(source + column), panel + column);
            }
        }
    }
}
