using Digits.Models;
using Inference;
using KernelGen;
using KernelGen.Gpu;

var model = Resources.LoadModel<DigitsModel>("digits.safetensors");
var images = Resources.LoadImages("images.csv");
var input = images.SelectMany(image => image.Pixels).ToArray();
var outputs = model.Layers[^1].OutFeatures;
var onProcessor = new float[images.Count * outputs];
model.Forward(input, onProcessor, images.Count);
var logits = onProcessor;
try
{
    using var device = GpuDevice.Open();
    using var gpu = model.ToGpu(device.Accelerator);
    var onDevice = new float[onProcessor.Length];
    gpu.Forward(input, onDevice, images.Count);
    Console.WriteLine($"On {device}:");
    foreach (var plan in gpu.Plan)
    {
        Console.WriteLine($"  {plan}");
    }

    Console.WriteLine(FormattableString.Invariant(
        $"Largest difference of a logit from the processor's ({Isa.Describe()}): {onDevice.Zip(onProcessor, (a, b) => Math.Abs(a - b)).Max():0.0e+0}"));
    logits = onDevice;
}
catch (PlatformNotSupportedException e)
{
    Console.WriteLine($"On the processor, {Isa.Describe()}: {e.Message}");
}

var right = images.Where((image, i) => Answer(i) == image.Label).Count();
Console.WriteLine($"{string.Join(" ", images.Select((_, i) => Answer(i)))}: {right} of {images.Count} right");
return right == images.Count ? 0 : 1;

int Answer(int image)
{
    var scores = logits.AsSpan(image * outputs, outputs);
    var best = 0;
    for (var i = 1; i < outputs; i++)
    {
        best = scores[i] > scores[best] ? i : best;
    }

    return best;
}
