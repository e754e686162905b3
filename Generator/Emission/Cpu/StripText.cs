using System;
using System.Collections.Generic;
using System.Linq;
using KernelGen.Generator.Text;

namespace KernelGen.Generator.Emission.Cpu;

/// <summary>What the loops that all instruction sets share say of strips and factors.</summary>
internal static class StripText
{
    /// <summary>Factors that one load brings at most.</summary>
    private const int MostFactors = 4;

    /// <summary>The constraints of a loop's type parameters.</summary>
    public static IEnumerable<string> Constraints(params string[] strips)
        => strips.Select(strip => $"where {strip} : struct, IStrip<{strip}, TFactors>").Append("where TFactors : struct, IFactors<TFactors>");

    /// <summary>Declares a strip and gives it a value.</summary>
    public static void Declare(SourceWriter writer, string type, string name, string call)
        => writer.Line($"{type} {name} = default;").Line($"{name}.{call};");

    /// <summary>
    /// Neighbouring floats, each of which multiplies whole strips: declared as few loads as there can be, fours from the front, then two, then one, so that
    /// nothing behind them is read. What each use of one takes comes before it, from the first to the last.
    /// </summary>
    public static void ForEachFactor(SourceWriter writer, string name, string pointer, int offset, int count, Action<int, string> use)
    {
        var (first, together) = (0, 0);
        for (var factor = 0; factor < count; factor++)
        {
            if (factor == first + together)
            {
                first = factor;
                together = count - first >= MostFactors ? MostFactors : count - first >= 2 ? 2 : 1;
                writer.Line($"TFactors {Name(name, first, together, count)} = TFactors.Load{Literal.Of(together)}({pointer}, {Literal.Of(offset + first)});");
            }

            use(factor, $"{Name(name, first, together, count)}, {Literal.Of(factor - first)}");
        }
    }

    /// <summary>Such as "w0To3"; no numbers where there is one load alone.</summary>
    private static string Name(string name, int first, int together, int count)
    {
        if (together == count)
        {
            return name;
        }

        var part = char.IsDigit(name[name.Length - 1]) ? name + "_" : name;
        return together == 1 ? part + Literal.Of(first) : $"{part}{Literal.Of(first)}To{Literal.Of(first + together - 1)}";
    }
}
