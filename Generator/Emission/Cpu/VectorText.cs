using System;
using System.Linq;
using KernelGen.Generator.Planning;
using KernelGen.Generator.Text;

namespace KernelGen.Generator.Emission.Cpu;

/// <summary>What the latency skeletons with padded steps share.</summary>
internal static class VectorText
{
    public static void RequireFinite(SourceWriter writer)
    {
        writer.Line("// Padding is a zero weight: it stays silent only where the activations are finite.");
        writer.Open("if (!IsFinite(x, TShape.In))");
        writer.Line("return false;");
        writer.Close();
        writer.Line();
    }

    public static void DeclareSums(SourceWriter writer, Dialect dialect, int sums)
    {
        if (sums > 1)
        {
            writer.Line("// Several sums, so that one addition needn't wait for the other.");
        }

        for (var sum = 0; sum < sums; sum++)
        {
            writer.Line($"{dialect.Vector} sum{Literal.Of(sum)} = {dialect.Constant(0)};");
        }
    }

    /// <summary>Writes out steps, each into the next of the sums, and moves on behind them.</summary>
    /// <param name="writer">Where the text goes.</param>
    /// <param name="dialect">How it is spelt.</param>
    /// <param name="index">How columns are written.</param>
    /// <param name="steps">The steps.</param>
    /// <param name="sums">The sums, declared before.</param>
    /// <param name="pick">A step's activations, from the expression of its columns.</param>
    public static void Steps(
        SourceWriter writer, Dialect dialect, LaneIndex index, int steps, int sums, Func<int, string, string> pick)
    {
        var stepsPerWord = index.StepsPerWord();
        var wordBytes = index.WordBytes() * dialect.Lanes;
        for (var step = 0; step < steps; step++)
        {
            var (word, inWord) = (step / stepsPerWord, step % stepsPerWord);
            var columns = dialect.LoadIndex(index, SkeletonText.At("index", word * wordBytes));
            if (stepsPerWord > 1)
            {
                var name = steps <= stepsPerWord ? "columns" : $"columns{Literal.Of(word)}";
                if (inWord == 0)
                {
                    writer.Line($"var {name} = {columns};");
                }

                columns = inWord == 0 ? name : $"{name} >> {Literal.Of(inWord * index.Bits())}";
            }

            var sum = $"sum{Literal.Of(step % sums)}";
            var weight = dialect.Load(SkeletonText.At("value", step * dialect.Lanes));
            if (dialect.Target.PairsLoads && stepsPerWord == 1)
            {
                if (step % 2 == 0)
                {
                    var pair = Enumerable.Range(step, Math.Min(2, steps - step)).ToList();
                    pair.ForEach(own => writer.Line($"var weights{Literal.Of(own)} = {dialect.Load(SkeletonText.At("value", own * dialect.Lanes))};"));
                    pair.ForEach(own => writer.Line($"var columns{Literal.Of(own)} = {dialect.LoadIndex(index, SkeletonText.At("index", own * wordBytes))};"));
                }

                (weight, columns) = ($"weights{Literal.Of(step)}", $"columns{Literal.Of(step)}");
            }

            writer.Line($"{sum} = {dialect.Fma(weight, pick(step, columns), sum)};");
        }

        writer.Line($"value += {Literal.Of(steps * dialect.Lanes)};");
        writer.Line($"index += {Literal.Of((((steps - 1) / stepsPerWord) + 1) * wordBytes)};");
    }

    /// <summary>Adds all sums to sum0.</summary>
    public static void AddSums(SourceWriter writer, int sums)
    {
        if (sums > 1)
        {
            writer.Line($"sum0 += {string.Join(" + ", Enumerable.Range(1, sums - 1).Select(sum => $"sum{Literal.Of(sum)}"))};");
        }
    }

    /// <summary>Adds bias and applies the activation where all sums lie in their own order.</summary>
    public static void Finish(SourceWriter writer, Dialect dialect)
    {
        writer.Open($"for (int row = 0; row < weights.Rows; row += {Literal.Of(dialect.Lanes)})");
        writer.Line($"{dialect.Vector} sum = {dialect.Load("&y[row]")} + {dialect.Load("&weights.Bias[row]")};");
        SkeletonText.Activate(writer, ["sum"]);
        writer.Line(dialect.Store("&y[row]", "sum"));
        writer.Close();
    }
}
