using KernelGen.Generator.Tests.Support;

namespace KernelGen.Generator.Tests.Diagnostics;

/// <summary>Members of the user's in the place of emitted ones.</summary>
public sealed class CollisionDiagnosticsTests
{
    private const string Layer = "[Linear(2, 2)] internal partial Linear Fc { get; }";

    [Theory]
    [InlineData("public void [|Forward|](System.ReadOnlySpan<float> x, System.Span<float> y, int n) { }", "Forward")]
    [InlineData("public int [|Forward|](System.ReadOnlySpan<float> x, System.Span<float> y, int n, Layout l) => n;", "Forward")]
    [InlineData("public void [|Load|](string p, System.Collections.Generic.IReadOnlyDictionary<string, string> n) { }", "Load")]
    [InlineData("public void [|Save|](System.IO.Stream stream) { }", "Save")]
    [InlineData("public string [|Save|] => \"\";", "Save")]
    [InlineData("public int [|Layers|] => 1;", "Layers")]
    [InlineData("public void [|Layers|]() { }", "Layers")]
    [InlineData("public int [|get_Layers|]() => 1;", "get_Layers")]
    [InlineData("public class [|Descriptor|] { }", "Descriptor")]
    [InlineData("public class [|KernelGenDescriptor|] { }", "KernelGenDescriptor")]
    [InlineData("public const int [|_kernelGenNetwork|] = 1;", "_kernelGenNetwork")]
    public void A_member(string member, string name) => Expect.Problem(
        $"[SparseModel] internal partial class Mlp {{ {Layer} {member} }}",
        "KG0006",
        $"'{name}' collides with '{name}', which the build adds to model 'Mlp'; rename it");

    [Fact]
    public void A_layer() => Expect.Problem(
        "[SparseModel] internal partial class Mlp { [Linear(2, 2)] internal partial Linear [|Forward|] { get; } }",
        "KG0006",
        "'Forward' collides with 'Forward', which the build adds to model 'Mlp'; rename it");

    [Fact]
    public void The_class_itself() => Expect.Problem(
        $"[SparseModel] internal partial class [|Load|] {{ {Layer} }}",
        "KG0006",
        "'Load' collides with 'Load', which the build adds to model 'Load'; rename it");

    [Fact]
    public void A_type_parameter() => Expect.Problem(
        $"[SparseModel] internal partial class Mlp<[|Layers|]> {{ {Layer} }}",
        "KG0006",
        "'Layers' collides with 'Layers', which the build adds to model 'Mlp'; rename it");

    [Theory]
    [InlineData("public void Save(string path) { }", "Save")]
    [InlineData("protected int Descriptor = 1;", "Descriptor")]
    public void An_inherited_member(string member, string name) => Expect.Problem(
        $"internal class Base {{ {member} }} [SparseModel] internal partial class [|Mlp|] : Base {{ {Layer} }}",
        "KG0006",
        $"'Base.{name}' collides with '{name}', which the build adds to model 'Mlp'; rename it");

    [Theory]
    [InlineData("internal void Forward(float[] x) { _ = x; }")]
    [InlineData("internal void Save<T>(string path) { _ = path; }")]
    [InlineData("internal static Mlp Load(string path) { var m = new Mlp(); m.Load(path, null); return m; }")]
    [InlineData("void ISparseModel.Save(string path) => Save(path);")]
    public void Other_members_are_welcome(string member)
        => Expect.Works($"[SparseModel] internal partial class Mlp {{ {Layer} {member} }}");

    [Fact]
    public void A_private_member_of_the_base_class_is_welcome() => Expect.Works(
        $"internal class Base {{ private void Save(string path) => path.ToString(); internal void Go() => Save(\"\"); }}"
        + $" [SparseModel] internal partial class Mlp : Base {{ {Layer} }}");
}
