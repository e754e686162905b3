using System.Globalization;

namespace KernelGen.Generator.Parsing;

/// <summary>Numbers as messages show them, in any culture.</summary>
internal static class Shown
{
    public static string Of(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    public static string Of(float value) => value.ToString("R", CultureInfo.InvariantCulture);
}
