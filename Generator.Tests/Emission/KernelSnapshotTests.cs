using KernelGen.Generator.Tests.Support;

namespace KernelGen.Generator.Tests.Emission;

/// <summary>The whole text of the kernels, for every pattern, regime and dialect; it compiles without a warning.</summary>
public sealed class KernelSnapshotTests
{
    private const string Namespace = "KernelGen.Generated.Test_App.";

    // Shapes with a last tile, block or group that is cut; 300 inputs are three blocks of columns.
    [Theory]
    [InlineData("Linear(30, 13, Activation = Activation.Gelu)")]
    [InlineData("Linear(300, 20, Activation = Activation.Relu), Unstructured")]
    [InlineData("Linear(42, 20), NM(2, 4)")]
    [InlineData("Linear(40, 37, Activation = Activation.LeakyRelu), Block(16, 1)")]
    [InlineData("Linear(30, 21), Block(4, 4)")]
    [InlineData("Linear(44, 19), Block(2, 3)")]
    [InlineData("Linear(30, 21), Block(8, 8)")]
    public void Kernels(string attributes)
    {
        var run = GeneratorRun.Of(Model(attributes));
        run.AssertCompiles();
        // A sparse kind comes with the dense one of its shape, which the first case shows.
        var files = run.Files.Where(file => IsKernel(file.Key) && !(attributes.Contains("),", StringComparison.Ordinal) && file.Key.Contains("Dense", StringComparison.Ordinal)));
        Assert.Equal(5, Match(files));
    }

    [Fact]
    public void Shared()
    {
        var run = GeneratorRun.Of(
            [.. Enum.GetValues<Activation>().Select(activation => Model($"Linear(4, 4, Activation = Activation.{activation})", $"Model{activation}"))]);
        run.AssertCompiles();
        Assert.Equal(13, Match(run.Files.Where(file => file.Key.StartsWith(Namespace, StringComparison.Ordinal) && !IsKernel(file.Key))));
    }

    private static bool IsKernel(string hintName) => hintName.StartsWith(Namespace + "Linear", StringComparison.Ordinal);

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
