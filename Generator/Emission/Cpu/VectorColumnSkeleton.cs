using System;
using System.Linq;
using KernelGen.Generator.Planning;
using KernelGen.Generator.Text;

namespace KernelGen.Generator.Emission.Cpu;

/// <summary>
/// Dense or tall-block product of one sample with rows in lanes: a tile's weights stream column by column, each times its broadcast activation; nothing
/// is gathered and nothing reduced at the end.
/// </summary>
internal sealed class VectorColumnSkeleton(SourceWriter writer, Dialect dialect, VectorColumnPlan plan)
{
    private readonly int _vectors = plan.Rows / dialect.Lanes;

    public void Emit()
    {
        var what = plan.IsDense ? "dense tiles" : $"active blocks of {Literal.Of(plan.Columns)} columns";
        writer.Line($"/// <summary>Latency: {Literal.Of(plan.Rows)} rows in lanes, {what}, column by column.</summary>");
        writer.Line("[MethodImpl(MethodImplOptions.AggressiveOptimization)]");
        writer.Open($"private static bool Run{plan.Method}(float* x, float* y, in PackedWeights weights)");
        writer.Line("float* value = weights.Values;");
        if (!plan.IsDense)
        {
            writer.Line("int* first = (int*)weights.Indices;");
            writer.Line("int* count = (int*)weights.Counts;");
        }

        writer.Open($"for (int row = 0; row < weights.Rows; row += {Literal.Of(plan.Rows)})");
        writer.Line("float* bias = &weights.Bias[row];");
        for (var chain = 0; chain < plan.Chains; chain++)
        {
            for (var v = 0; v < _vectors; v++)
            {
                var start = chain == 0 ? dialect.Load(SkeletonText.At("bias", v * dialect.Lanes)) : dialect.Constant(0);
                writer.Line($"{dialect.Vector} {Sum(chain, v)} = {start};");
            }
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
            for (var v = 0; v < _vectors; v++)
            {
                writer.Line($"{Sum(0, v)} += {Sum(chain, v)};");
            }
        }

        SkeletonText.Activate(writer, Enumerable.Range(0, _vectors).Select(v => Sum(0, v)));
        writer.Line("float* output = &y[row];");
        for (var v = 0; v < _vectors; v++)
        {
            writer.Line(dialect.Store(SkeletonText.At("output", v * dialect.Lanes), Sum(0, v)));
        }

        writer.Close();
        writer.Line();
        writer.Line("return true;");
        writer.Close();
    }

    /// <summary>A loop over columns, of which those of a turn are written out, and one over what is left.</summary>
    private void Loop(string columns, string activation, bool whole)
    {
        writer.Line("int k = 0;");
        if (plan.Turn > 1)
        {
            var turn = Literal.Of(plan.Turn);
            writer.Open($"for (; k < {columns} / {turn} * {turn}; k += {turn}, value += {Literal.Of(plan.Turn * plan.Rows)})");
            writer.Line($"float* turn = &{activation}[k];");
            Columns(plan.Turn, "turn", 0);
            writer.Close();
        }

        if (plan.Turn > 1 && !whole)
        {
            writer.Line();
        }

        if (plan.Turn == 1 || !whole)
        {
            writer.Open($"for (; k < {columns}; k++, value += {Literal.Of(plan.Rows)})");
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
            Loop(Literal.Of(plan.Columns), "activation", whole: plan.Columns % plan.Turn == 0);
            writer.Close();
            return;
        }

        if (plan.Together > 1)
        {
            var together = Literal.Of(plan.Together);
            Blocks(plan.Together, $"for (; &first[{Literal.Of(plan.Together - 1)}] < end; first += {together}, value += {Literal.Of(plan.Together * plan.Rows * plan.Columns)})");
            writer.Line();
        }

        Blocks(1, $"for (; first < end; first++, value += {Literal.Of(plan.Rows * plan.Columns)})");
    }

    /// <summary>A loop over blocks, of which some are written out, column by column.</summary>
    private void Blocks(int together, string loop)
    {
        writer.Open(loop);
        for (var block = 0; block < together; block++)
        {
            var activation = $"activation{Literal.Of(block)}";
            writer.Line($"float* {activation} = &x[{(block == 0 ? "*first" : $"first[{Literal.Of(block)}]")}];");
            Columns(plan.Columns, activation, block * plan.Columns);
        }

        writer.Close();
    }

    /// <summary>Neighbouring columns, of which the first is the given one of those that are written out.</summary>
    private void Columns(int count, string activation, int first)
    {
        var factors = new Factors(activation, [.. Enumerable.Range(first, count).Select(column => $"x{Literal.Of(column)}")]);
        for (var k = 0; k < count; k++)
        {
            foreach (var line in dialect.LoadFactor(factors, k))
            {
                writer.Line(line);
            }

            var chain = (first + k) % plan.Chains;
            for (var v = 0; v < _vectors; v++)
            {
                var weight = dialect.Load(SkeletonText.At("value", ((first + k) * plan.Rows) + (v * dialect.Lanes)));
                writer.Line($"{Sum(chain, v)} = {dialect.Fma(factors, k, weight, Sum(chain, v))};");
            }
        }
    }

    private string Sum(int chain, int vector)
        => plan.Chains == 1 ? $"sum{Literal.Of(vector)}" : $"sum{Literal.Of(chain)}_{Literal.Of(vector)}";
}
