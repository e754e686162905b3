using System;
using System.Globalization;

namespace KernelGen.Generator.Text;

/// <summary>Values as C# literals that read back bit for bit, in any culture.</summary>
internal static class Literal
{
    public static string Of(int value) => value.ToString(CultureInfo.InvariantCulture);

    public static string Of(bool value) => value ? "true" : "false";

    public static string Of(float value) => value switch
    {
        float.PositiveInfinity => "float.PositiveInfinity",
        float.NegativeInfinity => "float.NegativeInfinity",
        _ when float.IsNaN(value) => "float.NaN",
        0f => IsNegative(value) ? "-0f" : "0f",
        _ => value.ToString("R", CultureInfo.InvariantCulture) + "f",
    };

    public static string Of(double value) => value switch
    {
        double.PositiveInfinity => "double.PositiveInfinity",
        double.NegativeInfinity => "double.NegativeInfinity",
        _ when double.IsNaN(value) => "double.NaN",
        0d => IsNegative(value) ? "-0d" : "0d",
        _ => value.ToString("R", CultureInfo.InvariantCulture) + "d",
    };

    private static bool IsNegative(double value) => BitConverter.DoubleToInt64Bits(value) < 0;
}
