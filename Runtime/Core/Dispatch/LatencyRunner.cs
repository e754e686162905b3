using System.Runtime.CompilerServices;

namespace KernelGen.Dispatch;

/// <summary>The latency regime: sample after sample through all layers.</summary>
internal static unsafe class LatencyRunner
{
    // Samples are zero up to whole vectors of every instruction set.
    private const int VectorFloats = 16;

    public static void Run(Workspace workspace, InstructionSet set, float* input, float* output, int batch, Layout layout)
    {
        var states = workspace.States;
        var scratch = workspace.ScratchOf(0);
        var threads = Threads.Count;
        var longest = 0;
        foreach (var state in states)
        {
            var layer = state!.Vector(set);
            longest = Math.Max(longest, Math.Max(WholeVectors(layer.PaddedIn), WholeVectors(layer.PaddedOut)));
        }

        var x = scratch.Floats(Scratch.Use.Front, longest);
        var y = scratch.Floats(Scratch.Use.Back, longest);
        var inFeatures = states[0]!.Descriptor.InFeatures;
        var outFeatures = states[^1]!.Descriptor.OutFeatures;
        var rowMajor = layout == Layout.RowMajor;

        for (var sample = 0; sample < batch; sample++)
        {
            Copy(
                rowMajor ? input + ((nint)sample * inFeatures) : input + sample, rowMajor ? 1 : batch, x, 1, inFeatures);
            foreach (var state in states)
            {
                var layer = state!.Vector(set);
                new Span<float>(x + layer.In, WholeVectors(layer.PaddedIn) - layer.In).Clear();
                if (!scratch.VectorParts.Run(layer, x, y, threads))
                {
                    RunAsPanel(scratch, set, state, x, y);
                }

                var next = y;
                y = x;
                x = next;
            }

            Copy(
                x, 1, rowMajor ? output + ((nint)sample * outFeatures) : output + sample, rowMajor ? 1 : batch, outFeatures);
        }
    }

    /// <summary>Runs a layer that met an infinity or NaN as a panel of one sample, where no padding can meet it.</summary>
    private static void RunAsPanel(Scratch scratch, InstructionSet set, LayerState state, float* x, float* y)
    {
        var layer = state.PanelInPlaceOfVector(set);
        var width = Panel.Width(set);
        var panel = scratch.Floats(Scratch.Use.SinglePanel, RowsOf(layer.PaddedIn) * width);
        var result = scratch.Floats(Scratch.Use.SingleResult, RowsOf(layer.PaddedOut) * width);
        var partial = scratch.Floats(Scratch.Use.Partial, (long)layer.PaddedOut * width);
        Copy(x, 1, panel, width, layer.In);
        new Span<float>(panel + ((nint)layer.In * width), (layer.PaddedIn - layer.In) * width).Clear();
        scratch.PanelParts.Run(layer, panel, result, width, 1, partial, threads: 1);
        Copy(result, width, y, 1, layer.Out);
    }

    private static long RowsOf(int features) => ((long)features + Panel.RowMultiple - 1) / Panel.RowMultiple * Panel.RowMultiple;

    private static int WholeVectors(int features) => checked((features + VectorFloats - 1) / VectorFloats * VectorFloats);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Copy(float* source, nint sourceStride, float* destination, nint destinationStride, int count)
    {
        if (sourceStride == 1 && destinationStride == 1)
        {
            new ReadOnlySpan<float>(source, count).CopyTo(new Span<float>(destination, count));
            return;
        }

        for (; count > 0; count--, source += sourceStride, destination += destinationStride)
        {
            *destination = *source;
        }
    }
}
