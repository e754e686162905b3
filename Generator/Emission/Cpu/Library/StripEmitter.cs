using System;
using System.Collections.Generic;
using System.Linq;
using KernelGen.Generator.Planning;
using KernelGen.Generator.Text;

namespace KernelGen.Generator.Emission.Cpu.Library;

/// <summary>Emits an instruction set's strips, of every number of vectors that a kernel may take.</summary>
internal static class StripEmitter
{
    public static GeneratedFile Emit(Dialect dialect)
    {
        var writer = VectorLibrary.Begin(dialect);
        writer.Line($"using static global::{VectorLibrary.Namespace}.{VectorsEmitter.ClassName(dialect)};");
        foreach (var strip in Strip.Of(dialect.Target))
        {
            writer.Line();
            new Struct(writer, dialect, strip).Emit();
        }

        return VectorLibrary.End(writer, $"{dialect.Name}Strips");
    }

    private sealed class Struct(SourceWriter writer, Dialect dialect, Strip strip)
    {
        private const string Inherited = "/// <inheritdoc/>";

        private readonly IReadOnlyList<int> _vectors = [.. Enumerable.Range(0, strip.Vectors)];

        public void Emit()
        {
            writer.Line($"/// <summary>{Literal.Of(strip.Vectors)} x {Literal.Of(dialect.Lanes)} floats.</summary>");
            writer.Line(GeneratorInfo.Attribute);
            writer.Open($"public unsafe struct {strip.TypeName} : IStrip<{strip.TypeName}, {strip.Target.FactorsType}>");
            foreach (var v in _vectors)
            {
                writer.Line($"private {dialect.Vector} {Own(v)};");
            }

            writer.Line();
            writer.Line(Inherited);
            writer.Line($"public static int Width => {Literal.Of(strip.Vectors * dialect.Lanes)};");
            writer.Line();
            writer.Line(Inherited);
            writer.Line($"public static int PanelWidth => {Literal.Of(dialect.Target.PanelWidth)};");
            var other = $"in {strip.TypeName} other";
            var factor = $"{strip.Target.FactorsType} factors, byte factor";
            ForEach("Load(float* from, int offset)", v => $"{Own(v)} = {dialect.Load(Behind(v))};");
            ForEach("Broadcast(float* value)", v => $"{Own(v)} = {(v == 0 ? dialect.Broadcast("value") : Own(0))};");
            ForEach($"Add({other})", v => $"{Own(v)} += other.{Own(v)};");
            ForEach($"MultiplyAdd({factor}, {other})", v => $"{Own(v)} = {dialect.FactorFma($"other.{Own(v)}", Own(v))};", dialect.FactorVariable);
            ForEach($"LoadMultiplyAdd({factor}, float* from, int offset)", v => $"{Own(v)} = {dialect.FactorFma(dialect.Load(Behind(v)), Own(v))};", dialect.FactorVariable);
            Store();
            writer.Close();
        }

        /// <summary>A member that does the same with every vector.</summary>
        private void ForEach(string signature, Func<int, string> line, string? before = null)
        {
            Begin($"public void {signature}");
            writer.Open();
            if (before is not null)
            {
                writer.Line(before);
            }

            foreach (var v in _vectors)
            {
                writer.Line(line(v));
            }

            writer.Close();
        }

        private void Store()
        {
            Begin("public void Store<TActivation>(float* to, int count)");
            writer.Indent().Line("where TActivation : struct, IActivation").Outdent().Open();
            SkeletonText.Activate(writer, _vectors.Select(Own));
            if (strip.Vectors * dialect.Lanes == 1)
            {
                writer.Line(dialect.Store("to", Own(0))).Close();
                return;
            }

            writer.Open($"if (count >= {Literal.Of(strip.Vectors * dialect.Lanes)})");
            foreach (var v in _vectors)
            {
                writer.Line(dialect.Store(At("to", v), Own(v)));
            }

            writer.Line("return;");
            writer.Close();
            writer.Line();
            writer.Line(dialect.StoreFirst("to", Own(0), "count"));
            foreach (var v in _vectors.Skip(1))
            {
                var from = Literal.Of(v * dialect.Lanes);
                writer.Line();
                writer.Open($"if (count > {from})");
                writer.Line(dialect.StoreFirst(At("to", v), Own(v), $"count - {from}"));
                writer.Close();
            }

            writer.Close();
        }

        private void Begin(string signature)
        {
            writer.Line();
            writer.Line(Inherited);
            writer.Line("[MethodImpl(MethodImplOptions.AggressiveInlining)]");
            writer.Line(signature);
        }

        private static string Own(int vector) => $"_v{Literal.Of(vector)}";

        private string Behind(int vector) => vector == 0 ? "&from[offset]" : $"&from[offset + {Literal.Of(vector * dialect.Lanes)}]";

        private string At(string pointer, int vector) => SkeletonText.At(pointer, vector * dialect.Lanes);
    }
}
