using System.Globalization;
using System.IO.Compression;

namespace Digits.Data;

/// <summary>
/// The UCI optical digits (Alpaydin and Kaynak 1998, CC BY 4.0): 1797 images of 8 x 8 pixels with values 0 to 16, as
/// scikit-learn ships them.
/// </summary>
internal static class EmbeddedDigits
{
    private const int Features = 64;
    private const double TestShare = 0.2;

    public static ImageSet Load()
    {
        using var resource = typeof(EmbeddedDigits).Assembly.GetManifestResourceStream("digits.csv.gz")
            ?? throw new InvalidOperationException("The resource digits.csv.gz is missing from the assembly.");
        using var reader = new StreamReader(new GZipStream(resource, CompressionMode.Decompress));
        var rows = new List<float[]>();
        while (reader.ReadLine() is { Length: > 0 } line)
        {
            rows.Add(Array.ConvertAll(line.Split(','), text => float.Parse(text, CultureInfo.InvariantCulture)));
        }

        // The same split in every run, so that runs compare.
        var order = Enumerable.Range(0, rows.Count).ToArray();
        new Random(1).Shuffle(order);
        var test = (int)(rows.Count * TestShare);
        return new ImageSet("UCI digits", Pick(rows, order[test..]), Pick(rows, order[..test]));
    }

    private static LabelledImages Pick(List<float[]> rows, int[] which)
    {
        var pixels = new float[which.Length * Features];
        var labels = new long[which.Length];
        for (var i = 0; i < which.Length; i++)
        {
            var row = rows[which[i]];
            for (var k = 0; k < Features; k++)
            {
                pixels[(i * Features) + k] = row[k] / 16;
            }

            labels[i] = (long)row[Features];
        }

        return new LabelledImages(Features, pixels, labels);
    }
}
