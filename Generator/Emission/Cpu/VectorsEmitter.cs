using System.Linq;
using KernelGen.Generator.Text;

namespace KernelGen.Generator.Emission.Cpu;

/// <summary>Emits, once a dialect, the few helpers that its kernels share: stores and loads that stop in time, the test for non-finite values.</summary>
internal static class VectorsEmitter
{
    public static string ClassName(Dialect dialect) => $"{dialect.Name}Vectors";

    public static GeneratedFile Emit(Dialect dialect, string kernelNamespace)
    {
        var writer = new SourceWriter();
        FileFrame.Begin(writer, kernelNamespace);
        FileFrame.Usings(writer, dialect);
        writer.Line();
        writer.Line("/// <summary>What the kernels of this instruction set share.</summary>");
        writer.Line(GeneratorInfo.Attribute);
        writer.Open($"internal static unsafe class {ClassName(dialect)}");
        for (var vectors = 1; vectors <= dialect.Target.PanelVectors; vectors *= 2)
        {
            StoreRow(writer, dialect, vectors);
            writer.Line();
        }

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
        return FileFrame.End(writer, kernelNamespace, ClassName(dialect));
    }

    private static void StoreRow(SourceWriter writer, Dialect dialect, int vectors)
    {
        var names = Enumerable.Range(0, vectors).Select(v => $"v{Literal.Of(v)}").ToList();
        var parameters = string.Join(", ", names.Select(name => $"{dialect.Vector} {name}"));
        writer.Line($"/// <summary>Activates and stores the live samples of {Literal.Of(vectors)} vector(s): columns of them, at least 1.</summary>");
        writer.Line("[MethodImpl(MethodImplOptions.AggressiveInlining)]");
        writer.Line($"public static void StoreRow<TActivation>(float* y, int columns, {parameters})").Indent();
        writer.Line("where TActivation : struct, IActivation").Outdent().Open();
        SkeletonText.Activate(writer, names);
        if (dialect.Lanes * vectors == 1)
        {
            writer.Line(dialect.Store("y", "v0"));
            writer.Close();
            return;
        }

        writer.Open($"if (columns >= {Literal.Of(vectors * dialect.Lanes)})");
        for (var v = 0; v < vectors; v++)
        {
            writer.Line(dialect.Store(SkeletonText.At("y", v * dialect.Lanes), names[v]));
        }

        writer.Line("return;");
        writer.Close();
        writer.Line();
        writer.Line(dialect.StoreFirst("y", "v0", "columns"));
        for (var v = 1; v < vectors; v++)
        {
            var from = Literal.Of(v * dialect.Lanes);
            writer.Open($"if (columns > {from})");
            writer.Line(dialect.StoreFirst($"&y[{from}]", names[v], $"columns - {from}"));
            writer.Close();
        }

        writer.Close();
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
