using System.Linq;
using KernelGen.Generator.Planning;
using KernelGen.Generator.Text;

namespace KernelGen.Generator.Emission.Cpu;

/// <summary>
/// SpMM with the batch in lanes. Columns go in blocks, so that a block's slice of the panel stays in L1 while all rows use it; a row's sums stay in
/// registers over its nonzeros of the block, and in the partial scratch between blocks.
/// </summary>
internal sealed class PanelCsrSkeleton(SourceWriter writer, Dialect dialect, PanelCsrPlan plan)
{
    private readonly int _lanes = dialect.Lanes;
    private readonly int _width = dialect.Target.PanelWidth;
    private readonly int _vectors = dialect.Target.PanelVectors;

    private bool IsBlocked => plan.Blocks > 1;

    public void Emit()
    {
        var half = _width / 2;
        writer.Line("/// <summary>");
        writer.Line($"/// Throughput: {Literal.Of(_width)} samples in lanes, nonzero after nonzero; CSR in blocks of {Literal.Of(plan.BlockColumns)} columns,");
        writer.Line($"/// so that the {Literal.Of(plan.BlockColumns * _width * 4 / 1024)} KB of activations that a block meets stay in L1.");
        writer.Line("/// </summary>");
        writer.Line("[MethodImpl(MethodImplOptions.AggressiveOptimization)]");
        writer.Open("public static void Panel(float* x, float* y, nint stride, int columns, float* partial, in PackedWeights weights)");
        writer.Open($"if (columns > {Literal.Of(half)})");
        writer.Line("Wide(x, y, stride, columns, partial, in weights);");
        writer.Line("return;");
        writer.Close();
        writer.Line();
        writer.Open($"for (int column = 0; column < columns; column += {Literal.Of(_lanes)})");
        writer.Line("Narrow(x + column, y + column, stride, columns - column, partial, in weights);");
        writer.Close();
        writer.Close();
        writer.Line();
        Body("Wide", _vectors, $"More than half a panel: {Literal.Of(_vectors)} vectors of samples share each weight.");
        writer.Line();
        Body("Narrow", 1, "A few samples: one vector of them.");
    }

    private void Body(string name, int vectors, string summary)
    {
        writer.Line($"/// <summary>{summary}</summary>");
        writer.Line("[MethodImpl(MethodImplOptions.AggressiveOptimization)]");
        writer.Open($"private static void {name}(float* x, float* y, nint stride, int columns, float* partial, in PackedWeights weights)");
        writer.Line("float* value = weights.Values;");
        writer.Line("ushort* offset = (ushort*)weights.Indices;");
        writer.Line("ushort* count = (ushort*)weights.Counts;");
        writer.Line("float* bias = weights.Bias;");
        writer.Line("byte* slice = (byte*)x;");
        if (IsBlocked)
        {
            writer.Line();
            writer.Line("// All blocks but the last leave their sums in the scratch.");
            var sliceBytes = Literal.Of(plan.BlockColumns * _width * 4);
            writer.Open($"for (int block = 0; block < {Literal.Of(plan.Blocks - 1)}; block++, slice += {sliceBytes})");
            writer.Line("float* sum = partial;");
            writer.Open($"for (int row = 0; row < {Literal.Of(plan.Kind.Out)}; row++, sum += {Literal.Of(_width)})");
            Sums(vectors, dialect.Constant(0));
            writer.Open("if (block > 0)");
            AddPartial(vectors, "sum");
            writer.Close();
            writer.Line();
            ForEachVector(vectors, v => dialect.Store(At("sum", v), $"sum{v}"));
            writer.Close();
            writer.Close();
        }

        writer.Line();
        writer.Line(IsBlocked ? "// The last block adds them up and finishes the outputs." : "// One block: a row's sums are its outputs.");
        writer.Open($"for (int row = 0; row < {Literal.Of(plan.Kind.Out)}; row++, y += stride)");
        Sums(vectors, dialect.Broadcast("bias + row"));
        if (IsBlocked)
        {
            writer.Line($"float* sum = partial + ((nint)row * {Literal.Of(_width)});");
            AddPartial(vectors, "sum");
        }

        var sums = Enumerable.Range(0, vectors).Select(v => $"sum{Literal.Of(v)}").ToList();
        SkeletonText.Activate(writer, dialect, plan.Kind, sums);
        writer.Line($"StoreRow(y, columns, {string.Join(", ", sums)});");
        writer.Close();
        writer.Close();
    }

    /// <summary>Declares a row's sums and runs over its nonzeros of the block.</summary>
    private void Sums(int vectors, string start)
    {
        ForEachVector(vectors, v => $"{dialect.Vector} sum{v} = {(v == 0 ? start : "sum0")};");
        writer.Open("for (float* end = value + *count++; value < end; value++, offset++)");
        writer.Line($"{dialect.Vector} weight = {dialect.Broadcast("value")};");
        writer.Line("float* activations = (float*)(slice + *offset);");
        ForEachVector(vectors, v => $"sum{v} = {dialect.Fma("weight", dialect.Load(At("activations", v)), $"sum{v}")};");
        writer.Close();
        writer.Line();
    }

    private void AddPartial(int vectors, string pointer)
        => ForEachVector(vectors, v => $"sum{v} += {dialect.Load(At(pointer, v))};");

    private void ForEachVector(int vectors, System.Func<int, string> line)
    {
        for (var v = 0; v < vectors; v++)
        {
            writer.Line(line(v));
        }
    }

    private string At(string pointer, int vector) => SkeletonText.At(pointer, vector * _lanes);
}
