using KernelGen.Generator.Planning;

namespace KernelGen.Generator.Emission.Cpu;

/// <summary>What the throughput skeletons share: strips for most of a panel, and narrow ones for its last samples.</summary>
internal static class PanelText
{
    /// <summary>What the runtime passes, and each body takes: see the runtime's PanelKernel.</summary>
    public const string Parameters = "float* x, float* y, nint stride, int columns, float* partial, in PackedWeights weights";

    /// <summary>The method that the runtime calls: it cuts the panel's live samples into strips.</summary>
    /// <param name="writer">Takes the text.</param>
    /// <param name="plan">The kernel.</param>
    /// <param name="more">A type parameter beyond strips and factors, and the interface that it implements.</param>
    public static void Run(SourceWriter writer, KernelPlan plan, (string Name, string Interface)? more = null)
    {
        var types = Types(more);
        writer.Line("[MethodImpl(MethodImplOptions.AggressiveOptimization)]");
        writer.Line($"private static void Run{plan.Body}<TWide, TNarrow, TFactors{types}>({Parameters})").Indent();
        Constraints(writer, more, "TWide", "TNarrow");
        writer.Outdent().Open();
        writer.Open("for (int column = 0; column < columns;)");
        writer.Open("if (columns - column > TWide.Width / 2)");
        Call("TWide");
        writer.Close();
        writer.Open("else");
        Call("TNarrow");
        writer.Close().Close().Close();

        void Call(string strip)
        {
            writer.Line($"{plan.Body}<{strip}, TFactors{types}>(&x[column], &y[column], stride, columns - column, partial, in weights);");
            writer.Line($"column += {strip}.Width;");
        }
    }

    /// <summary>Begins the method that takes one strip of samples.</summary>
    public static void OpenBody(SourceWriter writer, KernelPlan plan, (string Name, string Interface)? more = null)
    {
        writer.Line("[MethodImpl(MethodImplOptions.AggressiveOptimization)]");
        writer.Line($"private static void {plan.Body}<TStrip, TFactors{Types(more)}>({Parameters})").Indent();
        Constraints(writer, more, "TStrip");
        writer.Outdent().Open();
    }

    private static string Types((string Name, string Interface)? more) => more is null ? "" : $", {more.Value.Name}";

    private static void Constraints(SourceWriter writer, (string Name, string Interface)? more, params string[] strips)
    {
        foreach (var line in StripText.Constraints(strips))
        {
            writer.Line(line);
        }

        if (more is { } type)
        {
            writer.Line($"where {type.Name} : struct, {type.Interface}");
        }
    }
}
