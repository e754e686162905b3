using System.Globalization;
using System.Text;

namespace KernelGen.Benchmarks.GeneratorCost;

/// <summary>Source text of a model whose layers go through so many kinds again and again.</summary>
internal static class LayerKinds
{
    private static readonly string[] Patterns = ["Unstructured", "NM(2, 4)", "Block(4, 4)", "Block(16, 1)", "NM(1, 8)"];

    /// <summary>The model's file.</summary>
    /// <param name="layers">Layers of the model.</param>
    /// <param name="kinds">Distinct shapes and patterns among them; the last layer of a round leads back to the first.</param>
    /// <param name="emitted">Whether the generator implements the properties; without it they are plain ones.</param>
    public static string Source(int layers, int kinds, bool emitted)
    {
        var text = new StringBuilder("using KernelGen;\n\nnamespace Measured;\n\n");
        text.Append(emitted ? "[SparseModel]\npublic sealed partial class Model\n{\n" : "public sealed class Model\n{\n");
        for (var i = 0; i < layers; i++)
        {
            var (from, to, pattern) = (Features(i % kinds), Features((i + 1) % kinds), Patterns[i % kinds % Patterns.Length]);
            var property = emitted ? $"public partial Linear Fc{i} {{ get; }}" : $"public Linear Fc{i} {{ get; }} = null!;";
            text.Append(CultureInfo.InvariantCulture, $"    [Linear({from}, {to}, Activation = Activation.Relu), {pattern}]\n    {property}\n\n");
        }

        return text.Append("}\n").ToString();
    }

    /// <summary>A file that has nothing to do with the model.</summary>
    public static string Unrelated(int edit)
        => $"namespace Measured;\n\npublic static class Program\n{{\n    public static void Main() => System.Console.WriteLine({edit.ToString(CultureInfo.InvariantCulture)});\n}}\n";

    private static int Features(int kind) => 128 + (16 * kind);
}
