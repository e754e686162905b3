using System.Reflection;
using KernelGen.Generator.Tests.Support;

namespace KernelGen.Generator.Tests.Emission;

/// <summary>Emitted code uses short names; whatever a user's project declares, they mean what they should.</summary>
public sealed class NamesTests
{
    private const string Model = """
        [KernelGen.SparseModel(Training = true)] internal sealed partial class Model
        {
            [KernelGen.Linear(30, 13, Activation = KernelGen.Activation.Gelu), KernelGen.Unstructured] internal partial KernelGen.Linear Fc1 { get; }

            [KernelGen.Linear(13, 16, Activation = KernelGen.Activation.LeakyRelu), KernelGen.Block(4, 1)] internal partial KernelGen.Linear Fc2 { get; }

            [KernelGen.Linear(16, 8), KernelGen.NM(2, 4)] internal partial KernelGen.Linear Fc3 { get; }
        }
        """;

    /// <summary>Types of ours whose names emitted code writes in short.</summary>
    private static IEnumerable<string> Names
        => Assembly.LoadFrom(Path.Combine(AppContext.BaseDirectory, "KernelGen.Runtime.dll")).GetExportedTypes()
            .Where(type => type.Namespace is "KernelGen.Vectors" or "KernelGen.Dispatch" or "KernelGen.Formats")
            .Select(type => type.Name.Split('`')[0])
            .Distinct();

    [Theory]
    [InlineData("KernelGen")]
    [InlineData("Test.App")]
    [InlineData("")]
    public void Types_of_the_same_names_do_no_harm(string space)
    {
        Assert.Superset(new HashSet<string> { "Identity", "Gelu", "IShape", "Avx512Strip4", "Avx2Vectors", "PanelKernel", "PanelCsrFormat" }, Names.ToHashSet());
        var types = string.Join('\n', Names.Select(name => $"internal sealed class {name};"));

        GeneratorRun.Of(Model, space.Length == 0 ? types : $"namespace {space};\n{types}").AssertCompiles();
    }
}
