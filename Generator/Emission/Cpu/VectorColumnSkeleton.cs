using System.Collections.Generic;
using System.Linq;
using KernelGen.Generator.Planning;
using KernelGen.Generator.Text;

namespace KernelGen.Generator.Emission.Cpu;

/// <summary>
/// Dense or tall-block product of one sample with rows in lanes: a tile's weights stream column by column, each times its broadcast activation; nothing
/// is gathered and nothing reduced at the end.
/// </summary>
internal sealed class VectorColumnSkeleton(SourceWriter writer, VectorColumnPlan plan)
{
    /// <summary>The type parameters of a tile's strips, its rows from the first to the last.</summary>
    private readonly IReadOnlyList<string> _strips = plan.Strips.Count == 1 ? ["TStrip"] : ["TUpper", "TLower"];

    public void Emit()
    {
        var what = plan.IsDense ? "dense tiles" : $"active blocks of {Literal.Of(plan.Columns)} columns";
        writer.Line($"/// <summary>Latency: rows in lanes, {what}, column by column{(plan.Chains > 1 ? $", {Literal.Of(plan.Chains)} sums a row" : "")}.</summary>");
        writer.Line("[MethodImpl(MethodImplOptions.AggressiveOptimization)]");
        writer.Line($"private static bool {plan.Body}<{string.Join(", ", _strips)}, TFactors>(float* x, float* y, in PackedWeights weights)").Indent();
        foreach (var line in StripText.Constraints([.. _strips]))
        {
            writer.Line(line);
        }

        writer.Outdent().Open();
        writer.Line("float* value = weights.Values;");
        if (!plan.IsDense)
        {
            writer.Line("int* first = (int*)weights.Indices;");
            writer.Line("int* count = (int*)weights.Counts;");
        }

        if (_strips.Count > 1)
        {
            writer.Line("int rows = TUpper.Width + TLower.Width;");
        }

        writer.Open($"for (int row = 0; row < weights.Rows; row += {Rows})");
        writer.Line("float* bias = &weights.Bias[row];");
        for (var strip = 0; strip < _strips.Count; strip++)
        {
            StripText.Declare(writer, _strips[strip], Sum(0, strip), $"Load(bias, {Offset(0, strip)})");
        }

        for (var chain = 1; chain < plan.Chains; chain++)
        {
            writer.Line($"TStrip {Sum(chain, 0)} = default;");
        }

        writer.Line();
        if (plan.IsDense)
        {
            Loop("TShape.In", "x", whole: false);
        }
        else
        {
            BlockColumns();
        }

        writer.Line();
        for (var chain = 1; chain < plan.Chains; chain++)
        {
            writer.Line($"{Sum(0, 0)}.Add(in {Sum(chain, 0)});");
        }

        writer.Line("float* output = &y[row];");
        for (var strip = 0; strip < _strips.Count; strip++)
        {
            writer.Line($"{Sum(0, strip)}.Store<TActivation>({(strip == 0 ? "output" : $"&output[{Offset(0, strip)}]")}, {_strips[strip]}.Width);");
        }

        writer.Close();
        writer.Line();
        writer.Line("return true;");
        writer.Close();
    }

    private string Rows => _strips.Count > 1 ? "rows" : "TStrip.Width";

    /// <summary>A loop over columns, of which those of a turn are written out, and one over what is left.</summary>
    private void Loop(string columns, string activation, bool whole)
    {
        var turn = Literal.Of(VectorColumnPlan.Turn);
        writer.Line("int k = 0;");
        writer.Open($"for (; k < {columns} / {turn} * {turn}; k += {turn}, value += {turn} * {Rows})");
        writer.Line($"float* turn = &{activation}[k];");
        Columns(VectorColumnPlan.Turn, "turn", 0);
        writer.Close();
        if (!whole)
        {
            writer.Line();
            writer.Open($"for (; k < {columns}; k++, value += {Rows})");
            Columns(1, $"&{activation}[k]", 0);
            writer.Close();
        }
    }

    private void BlockColumns()
    {
        writer.Line("int* end = &first[*count++];");
        if (!plan.IsUnrolled)
        {
            writer.Open("for (; first < end; first++)");
            writer.Line("float* activation = &x[*first];");
            Loop(Literal.Of(plan.Columns), "activation", whole: plan.Columns % VectorColumnPlan.Turn == 0);
            writer.Close();
            return;
        }

        if (plan.Together > 1)
        {
            var together = Literal.Of(plan.Together);
            Blocks(plan.Together, $"for (; &first[{Literal.Of(plan.Together - 1)}] < end; first += {together}, value += {Literal.Of(plan.Together * plan.Columns)} * {Rows})");
            writer.Line();
        }

        Blocks(1, $"for (; first < end; first++, value += {(plan.Columns == 1 ? "" : $"{Literal.Of(plan.Columns)} * ")}{Rows})");
    }

    /// <summary>A loop over blocks, of which some are written out, column by column.</summary>
    private void Blocks(int together, string loop)
    {
        writer.Open(loop);
        for (var block = 0; block < together; block++)
        {
            var activation = together == 1 ? "activation" : $"activation{Literal.Of(block)}";
            writer.Line($"float* {activation} = &x[{(block == 0 ? "*first" : $"first[{Literal.Of(block)}]")}];");
            Columns(plan.Columns, activation, block * plan.Columns, together == 1 ? "factors" : $"factors{Literal.Of(block)}");
        }

        writer.Close();
    }

    /// <summary>Neighbouring columns, of which the first is the given one of those that are written out.</summary>
    private void Columns(int count, string activation, int first, string name = "factors")
        => StripText.ForEachFactor(writer, name, activation, 0, count, (k, factor) =>
        {
            for (var strip = 0; strip < _strips.Count; strip++)
            {
                writer.Line($"{Sum((first + k) % plan.Chains, strip)}.LoadMultiplyAdd({factor}, value, {Offset(first + k, strip)});");
            }
        });

    /// <summary>Where a strip's part of a column begins.</summary>
    private string Offset(int column, int strip)
    {
        var columns = column == 0 ? [] : new[] { column == 1 ? Rows : $"{Literal.Of(column)} * {Rows}" };
        var terms = columns.Concat(_strips.Take(strip).Select(before => $"{before}.Width")).ToList();
        return terms.Count switch
        {
            0 => "0",
            1 => terms[0],
            _ => $"{(column == 1 ? terms[0] : $"({terms[0]})")} + {terms[1]}",
        };
    }

    private string Sum(int chain, int strip) => _strips.Count > 1 ? (strip == 0 ? "upper" : "lower") : plan.Chains > 1 ? $"sum{Literal.Of(chain)}" : "sum";
}
