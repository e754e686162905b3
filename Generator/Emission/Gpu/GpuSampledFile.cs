using KernelGen.Generator.Planning.Gpu;
using KernelGen.Generator.Text;

namespace KernelGen.Generator.Emission.Gpu;

/// <summary>The file that holds the kernels of a kind's weight gradient and bias gradient.</summary>
internal static class GpuSampledFile
{
    /// <summary>Rows of a group that sums biases' gradients: a warp each.</summary>
    private const int SumRows = 8;

    public static GeneratedFile Emit(GpuSampledInUse use)
    {
        var plan = GpuSampledPlan.Of(use.Kind);
        var writer = new SourceWriter();
        FileFrame.Begin(writer, use.Namespace);
        FileFrame.Usings(writer, GpuDialect.Instance, "KernelGen.Gpu.Formats", "KernelGen.Gpu.Kernels");
        writer.Line();
        writer.Line($"/// <summary>The weight gradient dZ X^T at the mask, and the bias gradient: {KindText.Summary(plan.Kind)}, on a GPU. Activations are feature-major.</summary>");
        writer.Line(GeneratorInfo.Attribute);
        writer.Open($"internal static class {plan.ClassName}");
        writer.Line("public static GpuSampledKernel Kernel { get; } = new(").Indent();
        writer.Line($"\"{plan.ClassName}.Weights\", Weights, Biases,");
        writer.Line($"new SampledGpuFormat({Literal.Of(plan.Rows)}, {Literal.Of(plan.Columns)}, isScattered: {Literal.Of(plan.IsScattered)}, "
            + $"windowColumns: {Literal.Of(plan.WindowColumns)}, groupUnits: {Literal.Of(plan.Warps * plan.Units)}),");
        writer.Line($"threads: {Literal.Of(plan.Threads)});");
        writer.Outdent();
        writer.Line();
        new GpuSampledSkeleton(writer, plan).Emit();
        writer.Line();
        Biases(writer, plan);
        writer.Close();
        return FileFrame.End(writer, use.Namespace, plan.ClassName);
    }

    private static void Biases(SourceWriter writer, GpuSampledPlan plan)
    {
        writer.Line("/// <summary>The sums of dZ over the samples: a row for each of 8 warps.</summary>");
        writer.Open("public static void Biases(ArrayView<float> gradient, ArrayView<float> result, int batch, int stride)");
        writer.Line($"var tile = SharedMemory.Allocate<float>({Literal.Of(SumRows * GpuTile.Lanes)});");
        writer.Line("var lane = Group.IdxX & 31;");
        writer.Line($"var row = (Grid.IdxX * {Literal.Of(SumRows)}) + (Group.IdxX >> 5);");
        writer.Line("var sum = 0f;");
        writer.Open($"if (row < {Literal.Of(plan.Kind.Out)})");
        writer.Open("for (var sample = lane; sample < batch; sample += 32)");
        writer.Line("sum += gradient[(row * stride) + sample];");
        writer.Close().Close();
        writer.Line("tile[Group.IdxX] = sum;");
        writer.Line("Group.Barrier();");
        writer.Open($"if (lane == 0 && row < {Literal.Of(plan.Kind.Out)})");
        writer.Line("var total = 0f;");
        writer.Open("for (var i = 0; i < 32; i++)");
        writer.Line("total += tile[Group.IdxX + i];");
        writer.Close();
        writer.Line("result[row] = total;");
        writer.Close();
        writer.Close();
    }
}
