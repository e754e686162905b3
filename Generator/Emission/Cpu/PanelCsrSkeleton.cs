using System;
using System.Linq;
using KernelGen.Generator.Planning;
using KernelGen.Generator.Text;

namespace KernelGen.Generator.Emission.Cpu;

/// <summary>
/// SpMM with the batch in lanes, two rows at a time: where both have a weight, they share the load of its activations. Columns go in blocks, so that
/// a block's slice of the panel stays in L1 while all rows use it; a row's sums stay in registers over its nonzeros of the block, and in the partial
/// scratch between blocks.
/// </summary>
internal sealed class PanelCsrSkeleton(SourceWriter writer, PanelCsrPlan plan)
{
    private static readonly (string, string) Blocks = ("TBlock", "IColumnBlock");

    public static string BlockType(PanelCsrPlan plan) => $"Columns{Literal.Of(plan.BlockColumns)}";

    /// <summary>The widths of blocks, as type arguments.</summary>
    public static void BlockTypes(SourceWriter writer, KernelClass kernels)
    {
        writer.Line();
        writer.Line("/// <summary>Columns that go together: the samples' activations that they meet stay in L1.</summary>");
        writer.Line(GeneratorInfo.Attribute);
        writer.Open("internal interface IColumnBlock");
        writer.Line("static abstract int Columns { get; }");
        writer.Close();
        foreach (var plan in kernels.Plans.Cast<PanelCsrPlan>().GroupBy(plan => plan.BlockColumns).OrderBy(same => same.Key).Select(same => same.First()))
        {
            writer.Line();
            writer.Line($"/// <summary>{Literal.Of(plan.BlockColumns)} columns.</summary>");
            writer.Line(GeneratorInfo.Attribute);
            writer.Open($"internal readonly struct {BlockType(plan)} : IColumnBlock");
            writer.Line($"public static int Columns => {Literal.Of(plan.BlockColumns)};");
            writer.Close();
        }
    }

    public void Emit()
    {
        var type = plan.WideCounts ? "int" : "ushort";
        writer.Line("/// <summary>Throughput: pairs of rows, samples in lanes; CSR in blocks of columns.</summary>");
        PanelText.Run(writer, plan, Blocks);
        writer.Line();
        writer.Line("/// <summary>A strip of samples.</summary>");
        PanelText.OpenBody(writer, plan, Blocks);
        writer.Line("float* value = weights.Values;");
        writer.Line("ushort* offset = (ushort*)weights.Indices;");
        writer.Line("// Of each pair: rows A and B, then how many steps are shared, how many both have apart, how many A has beyond.");
        writer.Line($"{type}* pair = ({type}*)weights.Counts;");
        writer.Line("float* slice = x;");
        writer.Line("int last = (TShape.In - 1) / TBlock.Columns;");
        writer.Open("for (int block = 0; block <= last; block++, slice += TBlock.Columns * TStrip.PanelWidth)");
        writer.Open("for (int left = (weights.Rows + 1) / 2; left > 0; left--, pair += 5)");
        ForEachRow(row => $"float* partial{row} = &partial[(nint){Number(row)} * TStrip.PanelWidth];");
        writer.Line("TStrip sumA = default;").Line("TStrip sumB = default;");
        writer.Open("if (block == 0)");
        ForEachRow(row => $"sum{row}.Broadcast(&weights.Bias[{Number(row)}]);");
        writer.Close();
        writer.Open("else");
        writer.Line("// Between blocks the sums lie in the scratch.");
        ForEachRow(row => $"sum{row}.Load(partial{row}, 0);");
        writer.Close();
        writer.Line();
        Sums();
        writer.Open("if (block < last)");
        ForEachRow(row => $"sum{row}.Store<{FusedActivation.None.TypeName}>(partial{row}, TStrip.Width);");
        writer.Line("continue;");
        writer.Close();
        writer.Line();
        Finish('A');
        writer.Line("// The last of an odd number of rows has no partner.");
        writer.Open("if (TShape.Out % 2 == 0 || pair[1] < weights.Rows)");
        Finish('B');
        writer.Close();
        writer.Close();
        writer.Close();
        writer.Close();
    }

    /// <summary>Runs over a pair's nonzeros of the block.</summary>
    private void Sums()
    {
        writer.Line("// Columns that both rows have: they share the load of the activations.");
        writer.Open("for (float* end = &value[2 * pair[2]]; value < end; value += 2, offset++)");
        writer.Line("TFactors both = TFactors.Load2(value, 0);");
        StripText.Declare(writer, "TStrip", "shared", "Load(&slice[*offset], 0)");
        writer.Line("sumA.MultiplyAdd(both, 0, in shared);").Line("sumB.MultiplyAdd(both, 1, in shared);");
        writer.Close();
        writer.Line();
        writer.Line("// Columns that one row alone has: one of A's and one of B's a step.");
        writer.Open("for (float* end = &value[2 * pair[3]]; value < end; value += 2, offset += 2)");
        writer.Line("TFactors both = TFactors.Load2(value, 0);");
        writer.Line("float* activationsA = &slice[*offset];").Line("float* activationsB = &slice[offset[1]];");
        writer.Line("sumA.LoadMultiplyAdd(both, 0, activationsA, 0);").Line("sumB.LoadMultiplyAdd(both, 1, activationsB, 0);");
        writer.Close();
        writer.Line();
        writer.Line("// What A has beyond B.");
        writer.Open("for (float* end = &value[pair[4]]; value < end; value++, offset++)");
        writer.Line("sumA.LoadMultiplyAdd(TFactors.Load1(value, 0), 0, &slice[*offset], 0);");
        writer.Close();
        writer.Line();
    }

    private void Finish(char row) => writer.Line($"sum{row}.Store<TActivation>(&y[{Number(row)} * stride], columns);");

    private void ForEachRow(Func<char, string> line)
    {
        foreach (var row in "AB")
        {
            writer.Line(line(row));
        }
    }

    private static string Number(char row) => row == 'A' ? "pair[0]" : "pair[1]";
}
