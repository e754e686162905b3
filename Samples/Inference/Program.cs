using System.Diagnostics;
using Digits.Models;
using Inference;
using KernelGen;

var sinceMain = Stopwatch.StartNew();

// Nothing is printed before the first answer: what is timed is the model, not the console.
var model = Resources.LoadModel<DigitsModel>("digits.safetensors");
var images = Resources.LoadImages("images.csv");
var scores = new float[model.Layers[^1].OutFeatures];
var first = Classify(images[0]);
var mainToAnswer = sinceMain.Elapsed;
var startToAnswer = DateTime.Now - Process.GetCurrentProcess().StartTime;

Console.WriteLine($"First answer: {first}");
Console.WriteLine($"  {mainToAnswer.TotalMilliseconds:0.0} ms after Main began");
Console.WriteLine($"  {startToAnswer.TotalMilliseconds:0} ms after the process started (the system's clock for this ticks every 10 ms)");
Console.WriteLine($"Instruction set: {Isa.Describe()}");

var right = 0;
foreach (var image in images)
{
    var answer = Classify(image);
    right += answer == image.Label ? 1 : 0;
    Console.WriteLine();
    Console.Write(image.Draw());
    Console.WriteLine($"is a {answer}");
}

Console.WriteLine();
Console.WriteLine($"{right} of {images.Count} right");
return right == images.Count ? 0 : 1;

int Classify(DigitImage image)
{
    model.Forward(image.Pixels, scores, batch: 1);
    return scores.IndexOf(scores.Max());
}
