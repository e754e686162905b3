using KernelGen.Generator.Emission.Cpu.Library;
using KernelGen.Generator.Planning;
using KernelGen.Generator.Text;

namespace KernelGen.Generator.Emission;

/// <summary>The shapes in use as types, for each of which the compiler at run time, or ahead of time, specialises the kernels.</summary>
internal static class ShapeEmitter
{
    public static GeneratedFile Emit(InUse<LayerShape> use)
    {
        var writer = new SourceWriter();
        FileFrame.Begin(writer, use.Namespace);
        writer.Line($"using global::{VectorLibrary.Namespace};");
        writer.Line("using global::System.CodeDom.Compiler;");
        foreach (var shape in use.Values)
        {
            writer.Line();
            writer.Line($"/// <summary>W [{Literal.Of(shape.Out)} x {Literal.Of(shape.In)}].</summary>");
            writer.Line(GeneratorInfo.Attribute);
            writer.Open($"internal readonly struct {shape.TypeName} : IShape");
            writer.Line($"public static int Out => {Literal.Of(shape.Out)};").Line();
            writer.Line($"public static int In => {Literal.Of(shape.In)};");
            writer.Close();
        }

        return FileFrame.End(writer, use.Namespace, "Shapes");
    }
}
