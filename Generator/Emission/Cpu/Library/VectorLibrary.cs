using System.Collections.Generic;
using KernelGen.Generator.Planning;

namespace KernelGen.Generator.Emission.Cpu.Library;

/// <summary>
/// What kernels are written in, whatever the model: strips, activations, loads and stores that stop in time. It is emitted once, when the runtime
/// library is built, so that a model's build doesn't compile it again. Its interfaces stand in the library itself.
/// </summary>
internal static class VectorLibrary
{
    public const string Namespace = "KernelGen.Vectors";

    public static IEnumerable<GeneratedFile> Emit()
    {
        yield return FusedActivationEmitter.EmitLibrary();
        foreach (var dialect in Dialect.All)
        {
            yield return VectorsEmitter.Emit(dialect);
            yield return StripEmitter.Emit(dialect);
            yield return SquareEmitter.Emit(dialect);
            yield return ActivationEmitter.EmitLibrary(dialect);
        }
    }

    /// <summary>Begins a file; the words of a dialect, or of none.</summary>
    public static SourceWriter Begin(Dialect? dialect, params string[] usings)
    {
        var writer = new SourceWriter();
        // The list of the runtime's public surface holds what is written by hand; this follows the kernels.
        FileFrame.Begin(writer, Namespace, "#pragma warning disable RS0016, RS0041");
        FileFrame.Usings(writer, dialect, usings);
        return writer;
    }

    public static GeneratedFile End(SourceWriter writer, string className) => FileFrame.End(writer, Namespace, className);
}
