using KernelGen.Generator.Planning;
using KernelGen.Generator.Text;

namespace KernelGen.Generator.Emission.Cpu;

/// <summary>
/// Dense or block-sparse product with the batch in lanes: a tile of rows times a strip of samples is summed in registers, over all columns or over the
/// active blocks; each activation is loaded once for all rows of the tile.
/// </summary>
internal sealed class PanelTileSkeleton(SourceWriter writer, PanelTilePlan plan)
{
    private bool HasPasses => plan.PassRows < plan.Rows;

    public void Emit()
    {
        var what = plan.IsDense ? $"dense tiles of {Literal.Of(plan.Rows)} rows" : $"active blocks of {Literal.Of(plan.Rows)} x {Literal.Of(plan.Columns)}";
        writer.Line($"/// <summary>Throughput: {what}{(HasPasses ? $", {Literal.Of(plan.PassRows)} rows at a time" : "")}; their sums stay in registers.</summary>");
        PanelText.Run(writer, plan);
        writer.Line();
        writer.Line("/// <summary>A strip of samples.</summary>");
        PanelText.OpenBody(writer, plan);
        if (!plan.IsDense)
        {
            writer.Line("float* value = weights.Values;");
            writer.Line("int* first = (int*)weights.Indices;");
            writer.Line("int* count = (int*)weights.Counts;");
        }

        writer.Open($"for (int row = 0; row < weights.Rows; row += {Literal.Of(plan.Rows)})");
        if (plan.IsDense)
        {
            Pass("row");
        }
        else
        {
            writer.Line("nint blocks = *count++;");
            writer.Line("int* end = &first[blocks];");
            BlockRow();
            writer.Line();
            writer.Line("first = end;");
            writer.Line($"value += blocks * {Literal.Of(plan.Rows * plan.Columns)};");
        }

        writer.Close();
        writer.Close();
    }

    private void BlockRow()
    {
        if (!HasPasses)
        {
            Pass("row");
            return;
        }

        writer.Open($"for (int pass = 0; pass < {Literal.Of(plan.Rows)}; pass += {Literal.Of(plan.PassRows)})");
        Pass("row + pass");
        writer.Close();
    }

    private void Pass(string row)
    {
        writer.Line($"float* bias = &weights.Bias[{row}];");
        for (var r = 0; r < plan.PassRows; r++)
        {
            StripText.Declare(writer, "TStrip", Sum(r), $"Broadcast({SkeletonText.At("bias", r)})");
        }

        writer.Line();
        if (plan.IsDense)
        {
            writer.Line("float* value = &weights.Values[(nint)row * TShape.In];");
            writer.Line("float* activations = x;");
            writer.Open($"for (int k = 0; k < TShape.In; k++, value += {Literal.Of(plan.Rows)}, activations += TStrip.PanelWidth)");
            Column("0", "value", 0);
            writer.Close();
        }
        else
        {
            Blocks();
        }

        writer.Line();
        Store(row);
    }

    private void Blocks()
    {
        writer.Line($"float* tile = {(HasPasses ? "&value[pass]" : "value")};");
        writer.Open("for (int* block = first; block < end; block++)");
        writer.Line("float* activations = &x[(nint)(*block) * TStrip.PanelWidth];");
        if (plan.IsUnrolled)
        {
            for (var c = 0; c < plan.Columns; c++)
            {
                var offset = c == 0 ? "0" : c == 1 ? "TStrip.PanelWidth" : $"{Literal.Of(c)} * TStrip.PanelWidth";
                Column(offset, "tile", c * plan.Rows, plan.Columns == 1 ? "" : Literal.Of(c));
            }

            writer.Line($"tile += {Literal.Of(plan.Rows * plan.Columns)};");
        }
        else
        {
            writer.Open($"for (int k = 0; k < {Literal.Of(plan.Columns)}; k++, tile += {Literal.Of(plan.Rows)}, activations += TStrip.PanelWidth)");
            Column("0", "tile", 0);
            writer.Close();
        }

        writer.Close();
    }

    /// <summary>One column's activations times the weights of the pass's rows.</summary>
    private void Column(string activations, string tile, int weights, string number = "")
    {
        StripText.Declare(writer, "TStrip", $"column{number}", $"Load(activations, {activations})");
        StripText.ForEachFactor(
            writer, $"w{number}", tile, weights, plan.PassRows, (row, factor) => writer.Line($"{Sum(row)}.MultiplyAdd({factor}, in column{number});"));
    }

    private void Store(string row)
    {
        writer.Line($"float* output = &y[{(row == "row" ? "row" : $"({row})")} * stride];");
        for (var r = 0; r < plan.PassRows; r++)
        {
            // Also where no tile is cut: without a branch the constants of all rows' activations would push the sums out of the registers.
            var guarded = plan.Rows > 1 && !(r == 0 && !HasPasses);
            if (guarded)
            {
                writer.Line();
                writer.Open($"if ({(r == 0 ? row : $"{row} + {Literal.Of(r)}")} < weights.Rows)");
            }

            var pointer = r == 0 ? "output" : r == 1 ? "&output[stride]" : $"&output[{Literal.Of(r)} * stride]";
            writer.Line($"{Sum(r)}.Store<TActivation>({pointer}, columns);");
            if (guarded)
            {
                writer.Close();
            }
        }
    }

    private static string Sum(int row) => $"sum{Literal.Of(row)}";
}
