using System.Collections.Generic;
using System.Linq;
using KernelGen.Generator.Planning;
using KernelGen.Generator.Text;

namespace KernelGen.Generator.Emission.Cpu;

/// <summary>
/// Dense or block-sparse product with the batch in lanes: a tile of rows times a few vectors of samples is summed in registers, over all columns or
/// over the active blocks; each activation is loaded once for all rows of the tile.
/// </summary>
internal sealed class PanelTileSkeleton(SourceWriter writer, Dialect dialect, PanelTilePlan plan)
{
    private readonly int _width = dialect.Target.PanelWidth;

    private bool HasPasses => plan.PassRows < plan.Rows;

    public void Emit()
    {
        var samples = Literal.Of(plan.Vectors * dialect.Lanes);
        var what = plan.IsDense
            ? $"dense tiles of {Literal.Of(plan.Rows)} rows x {samples} samples"
            : $"active blocks of {Literal.Of(plan.Rows)} x {Literal.Of(plan.Columns)}, {Literal.Of(plan.PassRows)} rows x {samples} samples at a time";
        writer.Line($"/// <summary>Throughput: {what}, {Literal.Of(plan.PassRows * plan.Vectors)} sums in registers.</summary>");
        PanelText.Panel(writer, dialect, plan.Method, plan.Vectors);
        foreach (var (name, vectors) in PanelText.Bodies(plan.Method, plan.Vectors))
        {
            writer.Line();
            writer.Line($"/// <summary>{PanelText.Summary(vectors)}</summary>");
            writer.Line("[MethodImpl(MethodImplOptions.AggressiveOptimization)]");
            writer.Open($"private static void {name}({PanelText.Parameters})");
            Body(vectors);
            writer.Close();
        }
    }

    private void Body(int vectors)
    {
        writer.Line("float* value = weights.Values;");
        if (!plan.IsDense)
        {
            writer.Line("int* first = (int*)weights.Indices;");
            writer.Line("int* count = (int*)weights.Counts;");
        }

        writer.Open($"for (int row = 0; row < weights.Rows; row += {Literal.Of(plan.Rows)})");
        if (plan.IsDense)
        {
            Pass("row", vectors);
        }
        else
        {
            writer.Line("nint blocks = *count++;");
            writer.Line("int* end = &first[blocks];");
            BlockRow(vectors);
            writer.Line();
            writer.Line("first = end;");
            writer.Line($"value += blocks * {Literal.Of(plan.Rows * plan.Columns)};");
        }

        writer.Close();
    }

    private void BlockRow(int vectors)
    {
        if (!HasPasses)
        {
            Pass("row", vectors);
            return;
        }

        writer.Open($"for (int pass = 0; pass < {Literal.Of(plan.Rows)}; pass += {Literal.Of(plan.PassRows)})");
        Pass("row + pass", vectors);
        writer.Close();
    }

    private void Pass(string row, int vectors)
    {
        writer.Line($"float* bias = &weights.Bias[{row}];");
        for (var r = 0; r < plan.PassRows; r++)
        {
            for (var v = 0; v < vectors; v++)
            {
                var start = v == 0 ? dialect.Broadcast(SkeletonText.At("bias", r)) : Sum(r, 0);
                writer.Line($"{dialect.Vector} {Sum(r, v)} = {start};");
            }
        }

        writer.Line();
        if (plan.IsDense)
        {
            writer.Line("float* activations = x;");
            var step = $"value += {Literal.Of(plan.Rows)}, activations += {Literal.Of(_width)}";
            writer.Open($"for (int k = 0; k < TShape.In; k++, {step})");
            Column(vectors, "activations", "value");
            writer.Close();
        }
        else
        {
            Blocks(vectors);
        }

        writer.Line();
        Store(row, vectors);
    }

    private void Blocks(int vectors)
    {
        writer.Line($"float* tile = {(HasPasses ? "&value[pass]" : "value")};");
        writer.Open("for (int* block = first; block < end; block++)");
        writer.Line($"float* activations = &x[(nint)(*block) * {Literal.Of(_width)}];");
        if (plan.IsUnrolled(vectors))
        {
            for (var c = 0; c < plan.Columns; c++)
            {
                var name = plan.Columns == 1 ? "" : $"{Literal.Of(c)}_";
                Column(vectors, SkeletonText.At("activations", c * _width), SkeletonText.At("tile", c * plan.Rows), name);
            }

            writer.Line($"tile += {Literal.Of(plan.Rows * plan.Columns)};");
        }
        else
        {
            var step = $"tile += {Literal.Of(plan.Rows)}, activations += {Literal.Of(_width)}";
            writer.Open($"for (int k = 0; k < {Literal.Of(plan.Columns)}; k++, {step})");
            Column(vectors, "activations", "tile");
            writer.Close();
        }

        writer.Close();
    }

    /// <summary>One column's activations times the weights of the pass's rows.</summary>
    private void Column(int vectors, string activations, string tile, string name = "")
    {
        for (var v = 0; v < vectors; v++)
        {
            writer.Line($"{dialect.Vector} x{name}{v} = {dialect.Load(SkeletonText.At(activations, v * dialect.Lanes))};");
        }

        var weights = new Factors(tile, [.. Enumerable.Range(0, plan.PassRows).Select(r => $"w{name}{Literal.Of(r)}")]);
        for (var r = 0; r < plan.PassRows; r++)
        {
            foreach (var line in dialect.LoadFactor(weights, r))
            {
                writer.Line(line);
            }

            for (var v = 0; v < vectors; v++)
            {
                writer.Line($"{Sum(r, v)} = {dialect.Fma(weights, r, $"x{name}{v}", Sum(r, v))};");
            }
        }
    }

    private void Store(string row, int vectors)
    {
        writer.Line($"float* output = &y[{(row == "row" ? "row" : $"({row})")} * stride];");
        for (var r = 0; r < plan.PassRows; r++)
        {
            var sums = Enumerable.Range(0, vectors).Select(v => Sum(r, v)).ToList();
            // Also where no tile is cut: without a branch the constants of all rows' activations would push the sums out of the registers.
            var guarded = plan.Rows > 1 && !(r == 0 && !HasPasses);
            if (guarded)
            {
                writer.Line();
                writer.Open($"if ({(r == 0 ? row : $"{row} + {Literal.Of(r)}")} < weights.Rows)");
            }

            var arguments = string.Join(", ", sums);
            var pointer = r == 0 ? "output" : r == 1 ? "&output[stride]" : $"&output[{Literal.Of(r)} * stride]";
            writer.Line($"StoreRow<TActivation>({pointer}, columns, {arguments});");
            if (guarded)
            {
                writer.Close();
            }
        }
    }

    private static string Sum(int row, int vector) => $"sum{Literal.Of(row)}_{Literal.Of(vector)}";
}
