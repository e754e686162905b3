using System.Linq;
using KernelGen.Generator.Text;

namespace KernelGen.Generator.Emission.Cpu.Library;

/// <summary>Emits, once a dialect, the few helpers that its kernels share: stores and loads that stop in time, the test for non-finite values.</summary>
internal static class VectorsEmitter
{
    public static string ClassName(Dialect dialect) => $"{dialect.Name}Vectors";

    public static GeneratedFile Emit(Dialect dialect)
    {
        var writer = VectorLibrary.Begin(dialect);
        writer.Line();
        writer.Line("/// <summary>What the kernels of this instruction set share.</summary>");
        writer.Line(GeneratorInfo.Attribute);
        writer.Open($"public static unsafe class {ClassName(dialect)}");
        IsFinite(writer, dialect);
        if (dialect.Helpers.Any())
        {
            writer.Line();
            foreach (var line in dialect.Helpers)
            {
                writer.Line(line);
            }
        }

        writer.Close();
        return VectorLibrary.End(writer, ClassName(dialect));
    }

    private static void IsFinite(SourceWriter writer, Dialect dialect)
    {
        writer.Line("/// <summary>Whether all values are finite: x - x is 0 where they are and NaN where they aren't.</summary>");
        writer.Line("[MethodImpl(MethodImplOptions.AggressiveOptimization)]");
        writer.Open("public static bool IsFinite(float* x, int count)");
        writer.Line($"{dialect.Vector} differences = {dialect.Constant(0)};");
        writer.Open($"for (int i = 0; i < count; i += {Literal.Of(dialect.Lanes)})");
        writer.Line($"{dialect.Vector} value = {dialect.Load("&x[i]")};");
        writer.Line($"differences = {dialect.Or("differences", "(value - value)")};");
        writer.Close();
        writer.Line();
        writer.Line($"return {dialect.IsZero("differences")};");
        writer.Close();
    }
}
