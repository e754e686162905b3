using KernelGen.Generator.Planning;
using KernelGen.Generator.Text;

namespace KernelGen.Generator.Emission.Cpu;

/// <summary>
/// SpMV of N:M with rows in lanes: each reach of columns has the same number of steps in every row, so nothing is counted, and the columns of
/// several steps share a word that is shifted from step to step.
/// </summary>
internal sealed class VectorGroupSkeleton(SourceWriter writer, Dialect dialect, VectorGroupPlan plan)
{
    /// <summary>Independent sums, so that additions needn't wait for each other.</summary>
    private const int Sums = 4;

    /// <summary>Steps that are written out where each has a word of its own.</summary>
    private const int MostUnrolled = 16;

    private readonly string _lanes = Literal.Of(dialect.Lanes);
    private readonly LaneIndex _index = plan.Reach.Index;

    public void Emit()
    {
        var lanes = dialect.Lanes == 1 ? "row by row" : $"{_lanes} rows in lanes";
        writer.Line($"/// <summary>Latency: {lanes}, {Literal.Of(plan.Steps)} {(plan.Steps == 1 ? "step" : "steps")} in every {Literal.Of(plan.Columns)} columns.</summary>");
        writer.Line("[MethodImpl(MethodImplOptions.AggressiveOptimization)]");
        writer.Open($"private static bool Run{plan.Body}(float* x, float* y, in PackedWeights weights)");
        VectorText.RequireFinite(writer);
        writer.Line("float* value = weights.Values;");
        writer.Line("byte* index = (byte*)weights.Indices;");
        writer.Open($"for (int row = 0; row < weights.Rows; row += {_lanes})");
        VectorText.DeclareSums(writer, dialect, Sums);
        var window = Literal.Of(plan.Columns * plan.Reaches);
        writer.Open($"for (int column = 0; column < TShape.In; column += {window})");
        writer.Line("float* activations = &x[column];");
        if (_index.StepsPerWord() == 1 && plan.Steps > MostUnrolled)
        {
            Loop();
        }
        else
        {
            Unrolled();
        }

        writer.Close();
        writer.Line();
        VectorText.AddSums(writer, Sums);
        writer.Line($"sum0 += {dialect.Load("&weights.Bias[row]")};");
        SkeletonText.Activate(writer, ["sum0"]);
        writer.Line(dialect.Store("&y[row]", "sum0"));
        writer.Close();
        writer.Line();
        writer.Line("return true;");
        writer.Close();
    }

    private void Unrolled()
    {
        for (var reach = 0; reach < plan.Reaches; reach++)
        {
            foreach (var line in dialect.LoadWindow(plan.Reach, SkeletonText.At("activations", reach * plan.Columns), Suffix(reach)))
            {
                writer.Line(line);
            }
        }

        VectorText.Steps(
            writer, dialect, _index, plan.Reaches * plan.Steps, Sums, (step, columns) => dialect.Pick(plan.Reach, columns, Suffix(step / plan.Steps)));
    }

    /// <summary>Many steps of a word each.</summary>
    private void Loop()
    {
        foreach (var line in dialect.LoadWindow(plan.Reach, "activations"))
        {
            writer.Line(line);
        }

        var whole = plan.Steps / Sums;
        var rest = plan.Steps % Sums;
        writer.Open($"for (int round = 0; round < {Literal.Of(whole)}; round++)");
        Round(Sums);
        writer.Close();
        if (rest > 0)
        {
            writer.Line();
            Round(rest);
        }
    }

    private void Round(int steps)
        => VectorText.Steps(writer, dialect, _index, steps, Sums, (_, columns) => dialect.Pick(plan.Reach, columns));

    private string Suffix(int reach) => plan.Reaches == 1 ? "" : Literal.Of(reach);
}
