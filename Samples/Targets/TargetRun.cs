using Digits.Data;
using KernelGen;
using KernelGen.Gpu;

namespace Targets;

/// <summary>The model on one target, in this process.</summary>
internal static class TargetRun
{
    private delegate void Forward(ReadOnlySpan<float> input, Span<float> output, int batch);

    /// <summary>The logits of all images; a reason in their place where the machine lacks the target.</summary>
    public static TargetOutput Run(string name, IGpuModel model, LabelledImages images)
    {
        try
        {
            return Target.All.Single(target => target.Name == name).IsDevice ? OnDevice(name, model, images) : OnProcessor(name, model, images);
        }
        catch (PlatformNotSupportedException e)
        {
            return TargetOutput.Missing(e.Message);
        }
    }

    private static TargetOutput OnProcessor(string name, IGpuModel model, LabelledImages images)
    {
        using var choice = Isa.Override(Enum.Parse<InstructionSet>(name, ignoreCase: true));
        return Logits((input, output, batch) => model.Forward(input, output, batch), model, images) with
        {
            Where = "this processor",
            SparseLayers = model.Layers.Count(layer => !layer.Plan.Throughput.Kernel.Contains("Dense", StringComparison.Ordinal)),
        };
    }

    private static TargetOutput OnDevice(string name, IGpuModel model, LabelledImages images)
    {
        using var device = GpuDevice.Open(name);
        using var gpu = model.ToGpu(device.Accelerator);
        return Logits((input, output, batch) => gpu.Forward(input, output, batch), model, images) with
        {
            Where = device.ToString(),
            SparseLayers = gpu.Plan.Count(plan => plan.IsSparse),
        };
    }

    /// <summary>In one batch, and one by one: other kernels run.</summary>
    private static TargetOutput Logits(Forward forward, IGpuModel model, LabelledImages images)
    {
        var classes = model.Layers[^1].OutFeatures;
        var (batch, singles) = (new float[images.Count * classes], new float[images.Count * classes]);
        forward(images.Pixels, batch, images.Count);
        for (var i = 0; i < images.Count; i++)
        {
            forward(images.Pixels.AsSpan(i * images.Features, images.Features), singles.AsSpan(i * classes, classes), 1);
        }

        return new TargetOutput(Layers: model.Layers.Count, Batch: batch, Singles: singles);
    }
}
