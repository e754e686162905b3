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
    /// <summary>Blocks with at most so many columns are written out.</summary>
    private const int MostUnrolled = 16;

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
        for (var chain = 0; chain < plan.Chains; chain++)
        {
            for (var v = 0; v < _vectors; v++)
            {
                var start = chain == 0 ? dialect.Load(SkeletonText.At("weights.Bias + row", v * dialect.Lanes)) : dialect.Constant(0);
                writer.Line($"{dialect.Vector} {Sum(chain, v)} = {start};");
            }
        }

        writer.Line();
        if (plan.IsDense)
        {
            DenseColumns();
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
        for (var v = 0; v < _vectors; v++)
        {
            writer.Line(dialect.Store(SkeletonText.At("y + row", v * dialect.Lanes), Sum(0, v)));
        }

        writer.Close();
        writer.Line();
        writer.Line("return true;");
        writer.Close();
    }

    private void DenseColumns()
    {
        writer.Line("int k = 0;");
        if (plan.Chains > 1)
        {
            var chains = Literal.Of(plan.Chains);
            writer.Open($"for (; k < TShape.In / {chains} * {chains}; k += {chains}, value += {Literal.Of(plan.Chains * plan.Rows)})");
            for (var chain = 0; chain < plan.Chains; chain++)
            {
                Column(chain, SkeletonText.At("x + k", chain), chain * plan.Rows);
            }

            writer.Close();
            writer.Line();
        }

        writer.Open($"for (; k < TShape.In; k++, value += {Literal.Of(plan.Rows)})");
        Column(0, "x + k", 0);
        writer.Close();
    }

    private void BlockColumns()
    {
        writer.Line("int* end = first + *count++;");
        if (plan.Columns > MostUnrolled)
        {
            writer.Open("for (; first < end; first++)");
            writer.Line("float* activation = x + *first;");
            writer.Open($"for (int k = 0; k < {Literal.Of(plan.Columns)}; k++, value += {Literal.Of(plan.Rows)})");
            Column(0, "activation + k", 0);
            writer.Close();
            writer.Close();
            return;
        }

        // Narrow blocks fill their chains together.
        var together = Math.Max(1, plan.Chains / plan.Columns);
        if (together > 1)
        {
            Blocks(together, $"for (; end - first >= {Literal.Of(together)}; first += {Literal.Of(together)}, value += {Literal.Of(together * plan.Rows * plan.Columns)})");
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
            writer.Line($"float* {activation} = x + {(block == 0 ? "*first" : $"first[{Literal.Of(block)}]")};");
            for (var k = 0; k < plan.Columns; k++)
            {
                var column = (block * plan.Columns) + k;
                Column(column % plan.Chains, SkeletonText.At(activation, k), column * plan.Rows, $"x{Literal.Of(column)}_");
            }
        }

        writer.Close();
    }

    private void Column(int chain, string activation, int offset, string prefix = "x")
    {
        var name = $"{prefix}{Literal.Of(chain)}";
        writer.Line($"{dialect.Vector} {name} = {dialect.Broadcast(activation)};");
        for (var v = 0; v < _vectors; v++)
        {
            var weight = dialect.Load(SkeletonText.At("value", offset + (v * dialect.Lanes)));
            writer.Line($"{Sum(chain, v)} = {dialect.Fma(weight, name, Sum(chain, v))};");
        }
    }

    private string Sum(int chain, int vector)
        => plan.Chains == 1 ? $"sum{Literal.Of(vector)}" : $"sum{Literal.Of(chain)}_{Literal.Of(vector)}";
}
