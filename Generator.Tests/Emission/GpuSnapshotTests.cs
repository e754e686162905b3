using KernelGen.Generator.Tests.Support;

namespace KernelGen.Generator.Tests.Emission;

/// <summary>The whole text of the GPU kernels, for every pattern; it compiles without a warning.</summary>
public sealed class GpuSnapshotTests
{
    private const string Namespace = "KernelGen.Generated.Test_App.";

    // Shapes with a last group, stage, block or step that is cut.
    [Theory]
    [InlineData("Linear(42, 13, Activation = Activation.Gelu)", "Linear13x42DenseGeluGpu")]
    [InlineData("Linear(300, 20, Activation = Activation.Relu), Unstructured", "Linear20x300UnstructuredReluGpu")]
    [InlineData("Linear(42, 20), NM(2, 4)", "Linear20x42NM2of4Gpu")]
    [InlineData("Linear(100, 21), Block(4, 4)", "Linear21x100Block4x4Gpu")]
    [InlineData("Linear(100, 80), Block(8, 8)", "Linear80x100Block8x8Gpu")]
    public void Kernels(string attributes, string name)
    {
        var run = GeneratorRun.Of(Source.Compile(Model(attributes)).WithGpu());
        run.AssertCompiles();
        Snapshot.Match(run.Files[$"{Namespace}{name}.g.cs"], nameof(GpuSnapshotTests), name);
    }

    /// <summary>An input gradient times the slope before it, and weight gradients of scattered weights and of blocks.</summary>
    [Theory]
    [InlineData("Linear(42, 20), Unstructured", "Linear42x20UnstructuredTimesGeluSlopeGpu")]
    [InlineData("Linear(150, 20), Unstructured", "Linear20x150UnstructuredWeightGradientGpu")]
    [InlineData("Linear(100, 21), Block(8, 4)", "Linear21x100Block8x4WeightGradientGpu")]
    public void Gradients(string attributes, string name)
    {
        var run = GeneratorRun.Of(Source.Compile(TrainedModel(attributes)).WithGpu());
        run.AssertCompiles();
        Snapshot.Match(run.Files[$"{Namespace}{name}.g.cs"], nameof(GpuSnapshotTests), name);
    }

    [Fact]
    public void Shared()
    {
        var models = Enum.GetValues<Activation>().Select(activation => Model($"Linear(4, 4, Activation = Activation.{activation})", $"Model{activation}"));
        var run = GeneratorRun.Of(Source.Compile([.. models]).WithGpu());
        run.AssertCompiles();
        foreach (var name in new[] { "GpuActivations", "GpuTransforms" })
        {
            Snapshot.Match(run.Files[$"{Namespace}{name}.g.cs"], nameof(GpuSnapshotTests), name);
        }

        run = GeneratorRun.Of(Source.Compile([.. models.Select(model => model.Replace("[SparseModel]", "[SparseModel(Training = true)]", StringComparison.Ordinal))]).WithGpu());
        run.AssertCompiles();
        foreach (var name in new[] { "GpuSlopes", "GpuElementwise" })
        {
            Snapshot.Match(run.Files[$"{Namespace}{name}.g.cs"], nameof(GpuSnapshotTests), name);
        }
    }

    [Fact]
    public void A_model_for_training()
    {
        var run = GeneratorRun.Of(Source.Compile(TrainedModel("Linear(20, 13, Activation = Activation.Relu), NM(2, 4)")).WithGpu());
        run.AssertCompiles();
        Snapshot.Match(run.Files.Single(file => file.Key.EndsWith(".Gpu.g.cs", StringComparison.Ordinal)).Value, nameof(GpuSnapshotTests), "TrainedModel");
    }

    [Fact]
    public void A_nested_generic_model()
    {
        const string Program = """
            namespace App;

            public partial class Outer<T>
            {
                [KernelGen.SparseModel]
                public sealed partial class Inner
                {
                    [KernelGen.Linear(4, 3), KernelGen.NM(1, 2)] public partial KernelGen.Linear First { get; }

                    [KernelGen.Linear(3, 2)] public partial KernelGen.Linear Second { get; }
                }
            }
            """;
        var run = GeneratorRun.Of(Source.Compile($"#pragma warning disable CS1591\n{Program}").WithGpu());
        run.AssertCompiles();
        Snapshot.Match(run.Files.Single(file => file.Key.EndsWith(".Gpu.g.cs", StringComparison.Ordinal)).Value, nameof(GpuSnapshotTests), "Model");
    }

    /// <summary>A layer with an activation that hides its slope, and behind it another.</summary>
    private static string TrainedModel(string attributes) => $$"""
        using KernelGen;

        namespace App;

        [SparseModel(Training = true)]
        internal sealed partial class Model
        {
            [Linear(7, {{attributes.Split('(', ',')[1]}}, Activation = Activation.Gelu)]
            public partial Linear First { get; }

            [{{attributes}}]
            public partial Linear Second { get; }
        }
        """;

    private static string Model(string attributes, string name = "Model") => $$"""
        using KernelGen;

        namespace App;

        [SparseModel]
        internal sealed partial class {{name}}
        {
            [{{attributes}}]
            public partial Linear Layer { get; }
        }
        """;
}
