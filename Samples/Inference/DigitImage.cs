using System.Text;

namespace Inference;

/// <summary>A digit of 8 x 8 pixels.</summary>
/// <param name="Pixels">Row-major, from 0 (paper) to 1 (ink).</param>
/// <param name="Label">What a person read.</param>
internal sealed record DigitImage(float[] Pixels, int Label)
{
    private const int Width = 8;
    private const string Shades = " .:-=+*#%@";

    /// <summary>The image as lines of text, two characters a pixel.</summary>
    public string Draw()
    {
        var text = new StringBuilder();
        for (var i = 0; i < Pixels.Length; i++)
        {
            text.Append(Shades[(int)(Pixels[i] * (Shades.Length - 1))], 2);
            if ((i + 1) % Width == 0)
            {
                text.Append('\n');
            }
        }

        return text.ToString();
    }
}
