using System.Globalization;

namespace KernelGen.Benchmarks.Reporting;

/// <summary>Figures as tables show them, in every culture alike.</summary>
internal static class Figures
{
    /// <summary>A number; a dash where nothing was measured.</summary>
    public static string Number(double value, string format = "0.00")
        => double.IsNaN(value) ? "-" : value.ToString(format, CultureInfo.InvariantCulture);

    /// <summary>A share as percent; a dash where nothing was measured.</summary>
    public static string Percent(double share, string format = "0.#") => double.IsNaN(share) ? "-" : Number(100 * share, format) + "%";
}
