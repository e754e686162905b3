using KernelGen.Generator.Emission.Cpu.Strips;
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
    /// <param name="more">The body's type parameters beyond a strip and its factors, each behind a comma, and what they are constrained to.</param>
    public static void Run(SourceWriter writer, KernelPlan plan, (string Parameters, string Constraint)? more = null)
    {
        var (types, constraint) = more ?? ("", "");
        writer.Line("[MethodImpl(MethodImplOptions.AggressiveOptimization)]");
        writer.Line($"private static void Run{plan.Body}<TWide, TNarrow, TFactors{types}>({Parameters})").Indent();
        foreach (var line in StripText.Constraints("TWide", "TNarrow"))
        {
            writer.Line(line);
        }

        if (constraint.Length > 0)
        {
            writer.Line(constraint);
        }

        writer.Outdent().Open();
        writer.Open("for (int column = 0; column < columns;)");
        writer.Open("if (columns - column > TWide.Width / 2)");
        Call(writer, "TWide");
        writer.Close();
        writer.Open("else");
        Call(writer, "TNarrow");
        writer.Close().Close().Close();

        void Call(SourceWriter writer, string strip)
        {
            writer.Line($"{plan.Body}<{strip}, TFactors{types}>(&x[column], &y[column], stride, columns - column, partial, in weights);");
            writer.Line($"column += {strip}.Width;");
        }
    }

    /// <summary>Begins the method that takes one strip of samples.</summary>
    public static void OpenBody(SourceWriter writer, KernelPlan plan, (string Parameters, string Constraint)? more = null)
    {
        var (types, constraint) = more ?? ("", "");
        writer.Line("[MethodImpl(MethodImplOptions.AggressiveOptimization)]");
        writer.Line($"private static void {plan.Body}<TStrip, TFactors{types}>({Parameters})").Indent();
        foreach (var line in StripText.Constraints("TStrip"))
        {
            writer.Line(line);
        }

        if (constraint.Length > 0)
        {
            writer.Line(constraint);
        }

        writer.Outdent().Open();
    }
}
