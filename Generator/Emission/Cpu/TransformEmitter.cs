using System.Linq;
using KernelGen.Generator.Text;

namespace KernelGen.Generator.Emission.Cpu;

/// <summary>Emits, once a dialect, the transposes between row-major batches and panels.</summary>
internal static class TransformEmitter
{
    public static string ClassName(Dialect dialect) => $"{dialect.Name}Transform";

    public static GeneratedFile Emit(Dialect dialect, string kernelNamespace)
    {
        var lanes = Literal.Of(dialect.Lanes);
        var width = Literal.Of(dialect.Target.PanelWidth);
        var writer = new SourceWriter();
        FileFrame.Begin(writer, kernelNamespace);
        FileFrame.Usings(writer, dialect);
        writer.Line($"using static global::{kernelNamespace}.{VectorsEmitter.ClassName(dialect)};");
        writer.Line();
        writer.Line($"/// <summary>Row-major batches to panels of {width} samples and back, in squares of {lanes} x {lanes}.</summary>");
        writer.Line(GeneratorInfo.Attribute);
        writer.Open($"internal static unsafe class {ClassName(dialect)}");
        Walk(writer, dialect, "Pack", "float* source, nint stride, int features, int columns, float* panel",
            $"float* from = &source[(column * stride) + feature];\nfloat* to = &panel[((nint)feature * {width}) + column];",
            $"Square(from, stride, to, {width});",
            "PackEdge(from, stride, features - feature, columns - column, to);");
        writer.Line();
        Walk(writer, dialect, "Unpack", "float* panel, int features, int columns, float* destination, nint stride",
            $"float* from = &panel[((nint)feature * {width}) + column];\nfloat* to = &destination[(column * stride) + feature];",
            $"Square(from, {width}, to, stride);",
            "UnpackEdge(from, features - feature, columns - column, to, stride);");
        if (dialect.Lanes > 1)
        {
            writer.Line();
            Edges(writer, dialect);
        }

        writer.Line();
        Square(writer, dialect);
        writer.Close();
        return FileFrame.End(writer, kernelNamespace, ClassName(dialect));
    }

    private static void Walk(
        SourceWriter writer, Dialect dialect, string name, string parameters, string pointers, string whole, string edge)
    {
        var lanes = Literal.Of(dialect.Lanes);
        writer.Line("[MethodImpl(MethodImplOptions.AggressiveOptimization)]");
        writer.Open($"public static void {name}({parameters})");
        writer.Open($"for (int column = 0; column < columns; column += {lanes})");
        writer.Open($"for (int feature = 0; feature < features; feature += {lanes})");
        writer.Lines(pointers);
        if (dialect.Lanes == 1)
        {
            writer.Line(whole);
        }
        else
        {
            writer.Open($"if (columns - column >= {lanes} && features - feature >= {lanes})");
            writer.Line(whole);
            writer.Close();
            writer.Open("else");
            writer.Line(edge);
            writer.Close();
        }

        writer.Close();
        writer.Close();
        writer.Close();
    }

    /// <summary>A square cut by the batch's edge goes through a whole one on the stack.</summary>
    private static void Edges(SourceWriter writer, Dialect dialect)
    {
        var lanes = Literal.Of(dialect.Lanes);
        var width = Literal.Of(dialect.Target.PanelWidth);
        var area = Literal.Of(dialect.Lanes * dialect.Lanes);
        writer.Line("[MethodImpl(MethodImplOptions.AggressiveOptimization)]");
        writer.Open("private static void PackEdge(float* source, nint stride, int features, int columns, float* panel)");
        writer.Line($"float* square = stackalloc float[{area}];");
        writer.Open($"for (int i = 0; i < columns && i < {lanes}; i++)");
        writer.Line(dialect.Store($"&square[i * {lanes}]", dialect.LoadFirst("&source[i * stride]", "features")));
        writer.Close();
        writer.Line();
        writer.Line($"Square(square, {lanes}, panel, {width});");
        writer.Close();
        writer.Line();
        writer.Line("[MethodImpl(MethodImplOptions.AggressiveOptimization)]");
        writer.Open("private static void UnpackEdge(float* panel, int features, int columns, float* destination, nint stride)");
        writer.Line($"float* square = stackalloc float[{area}];");
        writer.Line($"Square(panel, {width}, square, {lanes});");
        writer.Open($"for (int i = 0; i < columns && i < {lanes}; i++)");
        writer.Line(dialect.StoreFirst("&destination[i * stride]", dialect.Load($"&square[i * {lanes}]"), "features"));
        writer.Close();
        writer.Close();
    }

    private static void Square(SourceWriter writer, Dialect dialect)
    {
        // The square of a wide vector is too large for the compiler to inline: asked to, it would call a slow first version of it.
        writer.Line($"[MethodImpl(MethodImplOptions.{(dialect.Lanes == 1 ? "AggressiveInlining" : "AggressiveOptimization")})]");
        writer.Open("private static void Square(float* from, nint fromStride, float* to, nint toStride)");
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
