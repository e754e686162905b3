using KernelGen.Generator.Planning;
using KernelGen.Generator.Text;

namespace KernelGen.Generator.Emission.Cpu;

/// <summary>
/// SpMV with rows in lanes: a window of activations is loaded once and permuted, step by step, to the columns that the rows of a tile have
/// there. Rows with fewer nonzeros than the tile's longest are padded with zeros.
/// </summary>
internal sealed class VectorWindowSkeleton(SourceWriter writer, Dialect dialect, VectorWindowPlan plan)
{
    /// <summary>A window of at most this many equal steps is written out.</summary>
    private const int MostUnrolled = 16;

    private readonly string _lanes = Literal.Of(dialect.Lanes);

    private bool IsCounted => plan.StepsPerWindow == 0;

    public void Emit()
    {
        var steps = IsCounted ? "as many steps as the longest row needs" : $"{Literal.Of(plan.StepsPerWindow)} steps each";
        var lanes = dialect.Lanes == 1 ? "row by row" : $"{_lanes} rows in lanes";
        writer.Line($"/// <summary>Latency: {lanes}, windows of {Literal.Of(plan.Window)} columns, {steps}.</summary>");
        writer.Line("[MethodImpl(MethodImplOptions.AggressiveOptimization)]");
        writer.Open("public static bool Vector(float* x, float* y, in PackedWeights weights)");
        writer.Line("// Padding is a zero weight: it stays silent only where the activations are finite.");
        writer.Open($"if (!IsFinite(x, {Literal.Of(plan.Kind.In)}))");
        writer.Line("return false;");
        writer.Close();
        writer.Line();
        writer.Line("float* value = weights.Values;");
        writer.Line("byte* index = (byte*)weights.Indices;");
        if (IsCounted)
        {
            writer.Line("ushort* count = (ushort*)weights.Counts;");
        }

        writer.Open($"for (int row = 0; row < {Literal.Of(plan.Kind.Out)}; row += {_lanes})");
        writer.Line("// Two sums, so that one addition needn't wait for the other.");
        writer.Line($"{dialect.Vector} sum0 = {dialect.Load("weights.Bias + row")};");
        writer.Line($"{dialect.Vector} sum1 = {dialect.Constant(0)};");
        writer.Open($"for (int column = 0; column < {Literal.Of(plan.Kind.In)}; column += {Literal.Of(plan.Window)})");
        foreach (var line in dialect.LoadWindow("x + column"))
        {
            writer.Line(line);
        }

        Steps();
        writer.Close();
        writer.Line();
        writer.Line("sum0 += sum1;");
        SkeletonText.Activate(writer, dialect, plan.Kind, ["sum0"]);
        writer.Line(dialect.Store("y + row", "sum0"));
        writer.Close();
        writer.Line();
        writer.Line("return true;");
        writer.Close();
    }

    private void Steps()
    {
        if (IsCounted)
        {
            writer.Line($"float* end = value + (*count++ * {_lanes});");
            PairsUntil("end");
            writer.Open("if (value < end)");
            Step(0);
            Advance(1);
            writer.Close();
        }
        else if (plan.StepsPerWindow <= MostUnrolled)
        {
            for (var step = 0; step < plan.StepsPerWindow; step++)
            {
                Step(step);
            }

            Advance(plan.StepsPerWindow);
        }
        else
        {
            var pairs = plan.StepsPerWindow / 2;
            writer.Open($"for (int pair = 0; pair < {Literal.Of(pairs)}; pair++)");
            Step(0);
            Step(1);
            Advance(2);
            writer.Close();
            if (plan.StepsPerWindow % 2 == 1)
            {
                Step(0);
                Advance(1);
            }
        }
    }

    private void PairsUntil(string end)
    {
        writer.Open($"while (value + {_lanes} < {end})");
        Step(0);
        Step(1);
        Advance(2);
        writer.Close();
        writer.Line();
    }

    private void Step(int step)
    {
        var sum = $"sum{Literal.Of(step % 2)}";
        var weight = dialect.Load(SkeletonText.At("value", step * dialect.Lanes));
        var pick = dialect.Pick(SkeletonText.At("index", step * dialect.Lanes * dialect.Target.IndexBytes));
        writer.Line($"{sum} = {dialect.Fma(weight, pick, sum)};");
    }

    private void Advance(int steps)
    {
        writer.Line($"value += {Literal.Of(steps * dialect.Lanes)};");
        writer.Line($"index += {Literal.Of(steps * dialect.Lanes * dialect.Target.IndexBytes)};");
    }
}
