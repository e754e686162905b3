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
internal sealed class PanelCsrSkeleton(SourceWriter writer, Dialect dialect, PanelCsrPlan plan)
{
    private readonly string _width = Literal.Of(dialect.Target.PanelWidth);

    public void Emit()
    {
        var group = Literal.Of(plan.Vectors * dialect.Lanes);
        var slice = Literal.Of(plan.BlockColumns * plan.Vectors * dialect.Lanes * sizeof(float) / 1024);
        writer.Line("/// <summary>");
        writer.Line($"/// Throughput: pairs of rows, {group} samples in lanes; CSR in blocks of {Literal.Of(plan.BlockColumns)} columns, so that the");
        writer.Line($"/// {slice} KB of activations that a block meets stay in L1.");
        writer.Line("/// </summary>");
        PanelText.Panel(writer, dialect, plan.Method, plan.Vectors);
        foreach (var (name, vectors) in PanelText.Bodies(plan.Method, plan.Vectors))
        {
            writer.Line();
            Body(name, vectors, PanelText.Summary(vectors));
        }
    }

    private void Body(string name, int vectors, string summary)
    {
        var type = plan.WideCounts ? "int" : "ushort";
        writer.Line($"/// <summary>{summary}</summary>");
        writer.Line("[MethodImpl(MethodImplOptions.AggressiveOptimization)]");
        writer.Open($"private static void {name}({PanelText.Parameters})");
        writer.Line("float* value = weights.Values;");
        writer.Line("ushort* offset = (ushort*)weights.Indices;");
        writer.Line("// Of each pair: rows A and B, then how many steps are shared, how many both have apart, how many A has beyond.");
        writer.Line($"{type}* pair = ({type}*)weights.Counts;");
        writer.Line("float* slice = x;");
        writer.Line($"int last = (TShape.In - 1) / {Literal.Of(plan.BlockColumns)};");
        writer.Open($"for (int block = 0; block <= last; block++, slice += {Literal.Of(plan.BlockColumns * dialect.Target.PanelWidth)})");
        writer.Open("for (int left = (weights.Rows + 1) / 2; left > 0; left--, pair += 5)");
        Sums(vectors);
        writer.Line("// Between blocks the sums lie in the scratch.");
        foreach (var row in "AB")
        {
            writer.Line($"float* partial{row} = &partial[(nint){Number(row)} * {_width}];");
        }

        writer.Open("if (block > 0)");
        ForEachSum(vectors, (row, v) => $"{Sum(row, v)} += {dialect.Load(At($"partial{row}", v))};");
        writer.Close();
        writer.Line();
        writer.Open("if (block < last)");
        ForEachSum(vectors, (row, v) => dialect.Store(At($"partial{row}", v), Sum(row, v)));
        writer.Line("continue;");
        writer.Close();
        writer.Line();
        Finish('A', vectors);
        writer.Line("// The last of an odd number of rows has no partner.");
        writer.Open("if (TShape.Out % 2 == 0 || pair[1] < weights.Rows)");
        Finish('B', vectors);
        writer.Close();
        writer.Close();
        writer.Close();
        writer.Close();
    }

    /// <summary>Declares a pair's sums and runs over its nonzeros of the block.</summary>
    private void Sums(int vectors)
    {
        var both = new Factors("value", ["weightA", "weightB"]);
        var beyond = new Factors("value", ["weightA"]);
        ForEachSum(vectors, (row, v) => $"{dialect.Vector} {Sum(row, v)} = {dialect.Constant(0)};");
        writer.Line();
        writer.Line("// Columns that both rows have: they share the load of the activations.");
        writer.Open("for (float* end = &value[2 * pair[2]]; value < end; value += 2, offset++)");
        Weights(both);
        writer.Line("float* activations = &slice[*offset];");
        for (var v = 0; v < vectors; v++)
        {
            writer.Line($"{dialect.Vector} shared{Literal.Of(v)} = {dialect.Load(At("activations", v))};");
            foreach (var row in "AB")
            {
                writer.Line($"{Sum(row, v)} = {dialect.Fma(both, row - 'A', $"shared{Literal.Of(v)}", Sum(row, v))};");
            }
        }

        writer.Close();
        writer.Line();
        writer.Line("// Columns that one row alone has: one of A's and one of B's a step.");
        writer.Open("for (float* end = &value[2 * pair[3]]; value < end; value += 2, offset += 2)");
        Weights(both);
        Activations('A', "*offset");
        Activations('B', "offset[1]");
        ForEachSum(vectors, (row, v) => OwnStep(both, row, v));
        writer.Close();
        writer.Line();
        writer.Line("// What A has beyond B.");
        writer.Open("for (float* end = &value[pair[4]]; value < end; value++, offset++)");
        Weights(beyond);
        Activations('A', "*offset");
        for (var v = 0; v < vectors; v++)
        {
            writer.Line(OwnStep(beyond, 'A', v));
        }

        writer.Close();
        writer.Line();
    }

    private void Weights(Factors weights)
    {
        for (var weight = 0; weight < weights.Names.Count; weight++)
        {
            foreach (var line in dialect.LoadFactor(weights, weight))
            {
                writer.Line(line);
            }
        }
    }

    private void Activations(char row, string offset) => writer.Line($"float* activations{row} = &slice[{offset}];");

    private string OwnStep(Factors weights, char row, int v)
        => $"{Sum(row, v)} = {dialect.Fma(weights, row - 'A', dialect.Load(At($"activations{row}", v)), Sum(row, v))};";

    private void Finish(char row, int vectors)
    {
        var sums = Enumerable.Range(0, vectors).Select(v => Sum(row, v)).ToList();
        writer.Line($"{dialect.Vector} bias{row} = {dialect.Broadcast($"&weights.Bias[{Number(row)}]")};");
        foreach (var sum in sums)
        {
            writer.Line($"{sum} += bias{row};");
        }

        writer.Line($"StoreRow<TActivation>(&y[{Number(row)} * stride], columns, {string.Join(", ", sums)});");
    }

    private void ForEachSum(int vectors, Func<char, int, string> line)
    {
        foreach (var row in "AB")
        {
            for (var v = 0; v < vectors; v++)
            {
                writer.Line(line(row, v));
            }
        }
    }

    private static string Number(char row) => row == 'A' ? "pair[0]" : "pair[1]";

    private static string Sum(char row, int vector) => $"sum{row}{Literal.Of(vector)}";

    private string At(string pointer, int vector) => SkeletonText.At(pointer, vector * dialect.Lanes);
}
