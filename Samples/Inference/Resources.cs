using System.Globalization;
using KernelGen;

namespace Inference;

/// <summary>What the program carries inside: a trained model, and images to try it on.</summary>
internal static class Resources
{
    private const float Ink = 16;

    /// <summary>A model with the weights of an embedded safetensors file.</summary>
    public static TModel LoadModel<TModel>(string name)
        where TModel : ISparseModel, new()
    {
        var model = new TModel();
        using var stream = Open(name);
        model.Load(stream);
        return model;
    }

    /// <summary>Images from lines of pixels, 0 to 16, with the digit at the end.</summary>
    public static IReadOnlyList<DigitImage> LoadImages(string name)
    {
        var images = new List<DigitImage>();
        using var reader = new StreamReader(Open(name));
        while (reader.ReadLine() is { Length: > 0 } line)
        {
            var numbers = Array.ConvertAll(line.Split(','), text => int.Parse(text, CultureInfo.InvariantCulture));
            images.Add(new DigitImage(Array.ConvertAll(numbers[..^1], pixel => pixel / Ink), numbers[^1]));
        }

        return images;
    }

    private static Stream Open(string name) => typeof(Resources).Assembly.GetManifestResourceStream(name)
        ?? throw new InvalidOperationException($"The resource {name} is missing from the program.");
}
