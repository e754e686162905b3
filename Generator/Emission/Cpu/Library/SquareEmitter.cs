using KernelGen.Generator.Text;

namespace KernelGen.Generator.Emission.Cpu.Library;

/// <summary>Emits, once a dialect, the transpose of a square that its registers hold.</summary>
internal static class SquareEmitter
{
    public static GeneratedFile Emit(Dialect dialect)
    {
        var typeName = $"{dialect.Name}Square";
        var writer = VectorLibrary.Begin(dialect);
        writer.Line($"using static global::{VectorLibrary.Namespace}.{VectorsEmitter.ClassName(dialect)};");
        writer.Line();
        writer.Line($"/// <summary>{Literal.Of(dialect.Lanes)} x {Literal.Of(dialect.Lanes)} floats.</summary>");
        writer.Line(GeneratorInfo.Attribute);
        writer.Open($"internal readonly unsafe struct {typeName} : ISquare");
        writer.Line($"public static int Lanes => {Literal.Of(dialect.Lanes)};").Line();
        writer.Line($"public static int PanelWidth => {Literal.Of(dialect.Target.PanelWidth)};").Line();
        writer.Line("[MethodImpl(MethodImplOptions.AggressiveInlining)]");
        writer.Open("public static void LoadRow(float* from, int count, float* row)");
        writer.Line(dialect.Store("row", dialect.LoadFirst("from", "count")));
        writer.Close().Line();
        writer.Line("[MethodImpl(MethodImplOptions.AggressiveInlining)]");
        writer.Open("public static void StoreRow(float* row, float* to, int count)");
        writer.Line(dialect.StoreFirst("to", dialect.Load("row"), "count"));
        writer.Close().Line();
        Transpose(writer, dialect);
        writer.Close();
        return VectorLibrary.End(writer, typeName);
    }

    private static void Transpose(SourceWriter writer, Dialect dialect)
    {
        // The square of a wide vector is too large for the compiler to inline: asked to, it would call a slow first version of it.
        writer.Line($"[MethodImpl(MethodImplOptions.{(dialect.Lanes == 1 ? "AggressiveInlining" : "AggressiveOptimization")})]");
        writer.Open("public static void Transpose(float* from, nint fromStride, float* to, nint toStride)");
        for (var i = 0; i < dialect.Lanes; i++)
        {
            writer.Line($"{dialect.Vector} r{Literal.Of(i)} = {dialect.Load(Row("from", i, "fromStride"))};");
        }

        foreach (var line in dialect.Transpose())
        {
            writer.Line(line);
        }

        for (var i = 0; i < dialect.Lanes; i++)
        {
            writer.Line(dialect.Store(Row("to", i, "toStride"), $"r{Literal.Of(i)}"));
        }

        writer.Close();
    }

    private static string Row(string pointer, int row, string stride) => row switch
    {
        0 => pointer,
        1 => $"&{pointer}[{stride}]",
        _ => $"&{pointer}[{Literal.Of(row)} * {stride}]",
    };
}
