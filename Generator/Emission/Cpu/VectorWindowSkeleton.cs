using KernelGen.Generator.Planning;
using KernelGen.Generator.Text;

namespace KernelGen.Generator.Emission.Cpu;

/// <summary>
/// SpMV with rows in lanes: a window of activations is loaded and permuted to the columns that the rows of a tile have there, a few steps for every
/// row, then moved on. Rows with fewer nonzeros in reach are padded with zeros; the packer has put rows with equally many into one tile.
/// </summary>
internal sealed class VectorWindowSkeleton(SourceWriter writer, Dialect dialect, VectorWindowPlan plan)
{
    private readonly string _lanes = Literal.Of(dialect.Lanes);
    private readonly LaneIndex _index = plan.Window.Index;

    public void Emit()
    {
        var lanes = dialect.Lanes == 1 ? "row by row" : $"{_lanes} rows in lanes";
        writer.Line($"/// <summary>Latency: {lanes}, {Literal.Of(plan.Steps)} steps in windows of {Literal.Of(plan.Window.Columns)} columns.</summary>");
        writer.Line("[MethodImpl(MethodImplOptions.AggressiveOptimization)]");
        writer.Open($"private static bool Run{plan.Body}(float* x, float* y, in PackedWeights weights)");
        VectorText.RequireFinite(writer);
        writer.Line("float* value = weights.Values;");
        writer.Line("byte* index = (byte*)weights.Indices;");
        writer.Line("int* count = (int*)weights.Counts;");
        writer.Open($"for (int row = 0; row < weights.Rows; row += {_lanes})");
        writer.Line("// The rows of the lanes, then the number of windows, and where each begins.");
        writer.Line("int* rows = count;");
        writer.Line($"count += {_lanes};");
        VectorText.DeclareSums(writer, dialect, plan.Steps);
        writer.Open("for (int left = *count++; left > 0; left--, count++)");
        writer.Line("float* activations = &x[*count];");
        foreach (var line in dialect.LoadWindow(plan.Window, "activations"))
        {
            writer.Line(line);
        }

        VectorText.Steps(writer, dialect, _index, plan.Steps, plan.Steps, (_, columns) => dialect.Pick(plan.Window, columns));
        writer.Close();
        writer.Line();
        VectorText.AddSums(writer, plan.Steps);
        writer.Line(dialect.Scatter("y", "rows", "sum0"));
        writer.Close();
        writer.Line();
        VectorText.Finish(writer, dialect);
        writer.Line();
        writer.Line("return true;");
        writer.Close();
    }
}
