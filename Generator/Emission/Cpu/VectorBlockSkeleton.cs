using System;
using System.Linq;
using KernelGen.Generator.Planning;
using KernelGen.Generator.Text;

namespace KernelGen.Generator.Emission.Cpu;

/// <summary>
/// SpMV over blocks that are lower than a vector: its lanes hold a few neighbouring columns of a block, one below the other. The block's activations
/// are loaded once and spread over the rows by permutes that are the same for all blocks; at the end of a block row the lanes of
/// equal rows are added. Nothing is padded but what finds the zeros behind the activations, unless a block's columns don't fill half a vector or whole ones.
/// </summary>
internal sealed class VectorBlockSkeleton(SourceWriter writer, Dialect dialect, VectorBlockPlan plan)
{
    /// <summary>Independent sums, so that additions needn't wait for each other.</summary>
    private readonly int _sums = Math.Min(4, plan.StepVectors);

    // Vectors whose activations lie in one window.
    private readonly int _windowVectors = plan.Rows == 1 || plan.InHalves ? 1 : plan.Reach.Columns / plan.VectorColumns;

    /// <summary>Vectors that a block, or a pair of blocks in halves, takes.</summary>
    private int BlockVectors => Math.Max(1, plan.Rows * plan.StoredColumns / dialect.Lanes);

    public void Emit()
    {
        var shape = $"{Literal.Of(plan.Rows)}x{Literal.Of(plan.Columns)}";
        writer.Line($"/// <summary>Latency: active blocks of {shape}, {Literal.Of(dialect.Lanes)} weights in lanes.</summary>");
        writer.Line("[MethodImpl(MethodImplOptions.AggressiveOptimization)]");
        writer.Open($"private static bool Run{plan.Body}(float* x, float* y, in PackedWeights weights)");
        if (plan.StoredColumns > plan.Columns)
        {
            VectorText.RequireFinite(writer);
        }

        writer.Line("float* value = weights.Values;");
        writer.Line("int* first = (int*)weights.Indices;");
        writer.Line("int* count = (int*)weights.Counts;");
        DeclareColumns();
        writer.Open($"for (int row = 0; row < weights.Rows; row += {Literal.Of(plan.Rows)})");
        VectorText.DeclareSums(writer, dialect, _sums);
        var step = plan.Together == 1 ? "first++" : $"first += {Literal.Of(plan.Together)}";
        writer.Open($"for (int* end = &first[*count++]; first < end; {step})");
        Step();
        writer.Line($"value += {Literal.Of(plan.StepVectors * dialect.Lanes)};");
        writer.Close();
        writer.Line();
        VectorText.AddSums(writer, _sums);
        foreach (var line in dialect.StoreFolded("&y[row]", "sum0", plan.Rows))
        {
            writer.Line(line);
        }

        writer.Close();
        writer.Line();
        VectorText.Finish(writer, dialect);
        writer.Line();
        writer.Line("return true;");
        writer.Close();
    }

    /// <summary>The columns of the lanes, for each vector of a window.</summary>
    private void DeclareColumns()
    {
        if (plan.Rows == 1 || plan.Rows == dialect.Lanes)
        {
            return;
        }

        writer.Line("// Which of a window's activations belongs to each lane.");
        for (var v = 0; v < Math.Min(_windowVectors, BlockVectors); v++)
        {
            var lanes = plan.Rows * plan.VectorColumns;
            var columns = Enumerable.Range(0, dialect.Lanes).Select(lane => (v * plan.VectorColumns) + (lane % lanes / plan.Rows));
            writer.Line($"var {Columns(v)} = {dialect.Columns(plan.Reach.Index, columns)};");
        }
    }

    private void Step()
    {
        for (var vector = 0; vector < plan.StepVectors; vector++)
        {
            var sum = $"sum{Literal.Of(vector % _sums)}";
            var weights = dialect.Load(SkeletonText.At("value", vector * dialect.Lanes));
            writer.Line($"{sum} = {(plan.InHalves, plan.VectorColumns) switch
            {
                (true, _) => dialect.Fma(weights, Halves(vector), sum),
                (false, 1) => Column(vector, weights, sum),
                _ => dialect.Fma(weights, Whole(vector), sum),
            }};");
        }
    }

    /// <summary>The activations of a vector that two blocks share.</summary>
    private string Halves(int vector)
    {
        var suffix = Suffix(vector, plan.StepVectors);
        writer.Line(dialect.LoadHalves(plan.Reach, $"&x[{First(2 * vector)}]", $"&x[{First((2 * vector) + 1)}]", suffix));
        return plan.Rows == 1 ? $"window{suffix}" : dialect.Pick(plan.Reach, Columns(0), suffix);
    }

    /// <summary>A vector that is one column of a block: all its weights meet one activation.</summary>
    private string Column(int vector, string weights, string sum)
    {
        var (activations, inBlock) = Activations(vector);
        var names = Enumerable.Range(vector - inBlock, BlockVectors).Select(column => $"x{Literal.Of(column)}");
        var factors = new Factors(activations, [.. names]);
        foreach (var line in dialect.LoadFactor(factors, inBlock))
        {
            writer.Line(line);
        }

        return dialect.Fma(factors, inBlock, weights, sum);
    }

    /// <summary>A pointer to the activations of a vector's block, declared with its first, and which of its vectors it is.</summary>
    private (string Pointer, int Vector) Activations(int vector)
    {
        var (block, inBlock) = (vector / BlockVectors, vector % BlockVectors);
        var activations = $"activations{Suffix(block, plan.Together)}";
        if (inBlock == 0)
        {
            writer.Line($"float* {activations} = &x[{First(block)}];");
        }

        return (activations, inBlock);
    }

    /// <summary>The activations of a vector of one block.</summary>
    private string Whole(int vector)
    {
        var (activations, inBlock) = Activations(vector);
        var block = vector / BlockVectors;
        if (plan.Rows == 1)
        {
            return dialect.Load(SkeletonText.At(activations, inBlock * dialect.Lanes));
        }

        var windows = ((BlockVectors - 1) / _windowVectors) + 1;
        var suffix = Suffix((block * windows) + (inBlock / _windowVectors), plan.Together * windows);
        if (inBlock % _windowVectors == 0)
        {
            foreach (var line in dialect.LoadWindow(plan.Reach, SkeletonText.At(activations, inBlock / _windowVectors * plan.Reach.Columns), suffix))
            {
                writer.Line(line);
            }
        }

        return dialect.Pick(plan.Reach, Columns(inBlock % _windowVectors), suffix);
    }

    private string Columns(int vector) => $"columns{Suffix(vector, Math.Min(_windowVectors, BlockVectors))}";

    private static string First(int block) => block == 0 ? "*first" : $"first[{Literal.Of(block)}]";

    private static string Suffix(int index, int count) => count == 1 ? "" : Literal.Of(index);
}
