using System.Reflection;
using KernelGen.Generator.Tests.Support;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace KernelGen.Generator.Tests.Pipeline;

/// <summary>GPU kernels are emitted where a project references KernelGen.Gpu, and an edit elsewhere leaves them alone.</summary>
public sealed class GpuIncrementalityTests
{
    private const string Model = """
        [KernelGen.SparseModel(Training = true)] internal partial class Model
        {
            [KernelGen.Linear(4, 3, Activation = KernelGen.Activation.Relu), KernelGen.Unstructured(Sparsity = 0.5)]
            internal partial KernelGen.Linear Fc1 { get; }
        }
        """;

    private static readonly string[] Tracked = [.. typeof(GpuTrackingNames)
        .GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (string)field.GetRawConstantValue()!)];

    private static CSharpCompilation Program => Source.Compile(Model, "internal static class Other { internal static int Answer => 42; }");

    [Fact]
    public void Nothing_is_emitted_without_the_reference()
    {
        var run = GeneratorRun.Of(Program);
        Assert.DoesNotContain(run.Files, file => file.Key.Contains("Gpu", StringComparison.Ordinal) || file.Value.Contains("Gpu", StringComparison.Ordinal));
    }

    [Fact]
    public void The_reference_adds_files_and_changes_none()
    {
        var (without, with) = (GeneratorRun.Of(Program), GeneratorRun.Of(Program.WithGpu()));
        with.AssertCompiles();
        Assert.All(without.Files, file => Assert.Equal(file.Value, with.Files[file.Key]));
        Assert.Equal(
            [
                "KernelGen.Generated.Test_App.GpuActivations.g.cs",
                "KernelGen.Generated.Test_App.GpuElementwise.g.cs",
                "KernelGen.Generated.Test_App.GpuSlopes.g.cs",
                "KernelGen.Generated.Test_App.GpuTransforms.g.cs",
                "KernelGen.Generated.Test_App.Linear3x4DenseReluGpu.g.cs",
                "KernelGen.Generated.Test_App.Linear3x4UnstructuredReluGpu.g.cs",
                "KernelGen.Generated.Test_App.Linear3x4UnstructuredWeightGradientGpu.g.cs",
                "KernelGen.Generated.Test_App.Linear4x3DenseGpu.g.cs",
                "KernelGen.Generated.Test_App.Linear4x3UnstructuredGpu.g.cs",
                "Model.Gpu.g.cs",
            ],
            with.Files.Keys.Except(without.Files.Keys).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_model_that_is_not_marked_for_training_gets_no_gradients()
        => Assert.Equal(
            ["GpuActivations", "GpuTransforms", "Linear3x4DenseReluGpu", "Linear3x4UnstructuredReluGpu"],
            GeneratorRun.Of(Source.Compile(Model.Replace("(Training = true)", "", StringComparison.Ordinal)).WithGpu()).Files.Keys
                .Where(name => name.Contains("Test_App.", StringComparison.Ordinal) && name.Contains("Gpu", StringComparison.Ordinal))
                .Select(name => name.Split('.')[^3])
                .Order(StringComparer.Ordinal));

    [Fact]
    public void A_model_with_errors_gets_none()
        => Assert.DoesNotContain(
            GeneratorRun.Of(Source.Compile(Model.Replace("(4, 3", "(0, 3", StringComparison.Ordinal)).WithGpu()).Files.Keys,
            name => name.Contains("Gpu", StringComparison.Ordinal));

    [Theory]
    [InlineData(0, "[KernelGen.SparseModel(", "/* moved */\n\n   [KernelGen.SparseModel(")]
    [InlineData(1, "Answer => 42", "Answer => 43")]
    public void An_edit_elsewhere_regenerates_nothing(int file, string before, string after)
    {
        var program = Program.WithGpu();
        var run = GeneratorRun.Of(program).Then(program.Edit(file, text => text.Replace(before, after, StringComparison.Ordinal)));
        Assert.All(Tracked, name =>
        {
            Assert.NotEmpty(run.Reasons(name));
            Assert.DoesNotContain(run.Reasons(name), reason => reason is IncrementalStepRunReason.New or IncrementalStepRunReason.Modified);
        });
    }

    [Fact]
    public void A_sparsity_changes_no_kernel()
    {
        var program = Program.WithGpu();
        var run = GeneratorRun.Of(program).Then(program.Edit(0, text => text.Replace("Sparsity = 0.5", "Sparsity = 0.75", StringComparison.Ordinal)));
        Assert.Empty(run.New(GpuTrackingNames.KernelFile));
        Assert.Empty(run.New(GpuTrackingNames.Shared));
    }
}
