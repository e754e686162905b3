using KernelGen.Generator.Tests.Support;

namespace KernelGen.Generator.Tests.Emission;

/// <summary>The whole text of the kernels, for every pattern, regime and dialect; it compiles without a warning.</summary>
public sealed class KernelSnapshotTests
{
    private const string Namespace = "KernelGen.Generated.Test_App.";

    private static readonly string[] Layers =
    [
        "Linear(30, 13, Activation = Activation.Gelu)",
        "Linear(300, 20, Activation = Activation.Relu), Unstructured",
        "Linear(42, 20), NM(2, 4)",
        "Linear(42, 20), NM(1, 40)",
        "Linear(40, 37, Activation = Activation.LeakyRelu), Block(16, 1)",
        "Linear(30, 21), Block(4, 4)",
        "Linear(44, 19), Block(2, 3)",
        "Linear(30, 21), Block(8, 8)",
        "Linear(30, 21), Block(32, 2)",
    ];

    [Fact]
    public void Kernels()
    {
        var run = GeneratorRun.Of([.. Layers.Select((layer, i) => Model(layer, $"Model{i}"))]);
        run.AssertCompiles();
        var classes = run.Files.Where(file => IsClass(file.Key)).ToList();
        // Three that all instruction sets share, three of each.
        Assert.Equal(3 + (4 * 3), Match(classes));
        Assert.Equal(1, Match(run.Files.Where(file => file.Key.EndsWith("Shapes.g.cs", StringComparison.Ordinal))));
    }

    [Fact]
    public void Gradients()
    {
        var run = GeneratorRun.Of(Model("Linear(42, 20, Activation = Activation.Relu), Block(16, 1)").Replace("[SparseModel]", "[SparseModel(Training = true)]", StringComparison.Ordinal));
        run.AssertCompiles();
        Assert.Equal(5, Match(run.Files.Where(file => file.Key.StartsWith(Namespace + "SampledCsr", StringComparison.Ordinal) || file.Key.StartsWith(Namespace + "WeightGradients", StringComparison.Ordinal))));
        // W^T has blocks of 1 x 16, and no activation.
        Assert.Contains("PanelCsr<Shape42x20, Identity>.Avx512Columns128", run.Files[Namespace + "Linear42x20Block1x16.g.cs"], StringComparison.Ordinal);
        Snapshot.Match(run.ModelFile, nameof(KernelSnapshotTests), "TrainedModel");
    }

    [Fact]
    public void A_model_that_is_not_trained_has_no_gradients()
        => Assert.DoesNotContain(
            GeneratorRun.Of(Model("Linear(42, 20), Block(16, 1)")).Files.Keys,
            name => name.Contains("SampledCsr", StringComparison.Ordinal) || name.Contains("42x20", StringComparison.Ordinal));

    [Fact]
    public void Tables()
    {
        var run = GeneratorRun.Of(Model("Linear(300, 20, Activation = Activation.Relu), Unstructured"));
        Assert.Equal(2, Match(run.Files.Where(file => file.Key.StartsWith(Namespace + "Linear", StringComparison.Ordinal))));
    }

    [Fact]
    public void Activations()
    {
        var run = GeneratorRun.Of(
            [.. Enum.GetValues<Activation>().Select(activation => Model($"Linear(4, 4, Activation = Activation.{activation})", $"Model{activation}"))]);
        run.AssertCompiles();
        // Of the activations, those alone that layers give a number of their own.
        Assert.Equal(1, Match(run.Files.Where(file => file.Key.EndsWith("Activations.g.cs", StringComparison.Ordinal))));
    }

    /// <summary>A class of kernels is named for its loop skeleton, in the plural.</summary>
    private static bool IsClass(string hintName)
        => new[] { "PanelCsr", "PanelTiles", "VectorWindows", "VectorGroups", "VectorBlocks", "VectorColumns" }
            .Any(skeleton => hintName.StartsWith(Namespace + skeleton, StringComparison.Ordinal));

    private static int Match(IEnumerable<KeyValuePair<string, string>> files)
    {
        var count = 0;
        foreach (var (name, text) in files)
        {
            Snapshot.Match(text, nameof(KernelSnapshotTests), name[Namespace.Length..].Replace(".g.cs", "", StringComparison.Ordinal));
            count++;
        }

        return count;
    }

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
