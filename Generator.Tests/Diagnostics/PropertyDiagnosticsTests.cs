using System.Globalization;
using KernelGen.Generator.Tests.Support;

namespace KernelGen.Generator.Tests.Diagnostics;

/// <summary>Mistakes in a layer's property, and attributes in the wrong place.</summary>
public sealed class PropertyDiagnosticsTests
{
    [Fact]
    public void A_property_that_is_not_partial() => Expect.Problem(
        Model("[Linear(2, 2)] internal Linear [|Fc|] { get; } = null!;"),
        "KG0010",
        "Layer 'Fc' must be a partial property, so that the build can implement it");

    [Theory]
    [InlineData("internal partial [|int|] Fc { get; }", "int")]
    [InlineData("internal partial [|Linear?|] Fc { get; }", "Linear?")]
    [InlineData("internal partial [|ref readonly Linear|] Fc { get; }", "ref readonly Linear")]
    [InlineData("internal partial [|Linear[]|] Fc { get; }", "Linear[]")]
    [InlineData("internal class Linear { } internal partial [|Linear|] Fc { get; }", "Linear")]
    public void A_property_of_the_wrong_type(string property, string type) => Expect.Problem(
        Model(property.Replace("internal partial", "[KernelGen.LinearAttribute(2, 2)] internal partial", StringComparison.Ordinal)),
        "KG0011",
        $"Layer 'Fc' must be of type KernelGen.Linear, not '{type}'");

    [Theory]
    [InlineData("internal [|static|] partial Linear Fc { get; }", "Fc", "is static")]
    [InlineData("internal partial Linear Fc { get; [|set|]; }", "Fc", "has 'set'")]
    [InlineData("internal partial Linear Fc { get; private [|set|]; }", "Fc", "has 'set'")]
    [InlineData("internal partial Linear Fc { get; [|init|]; }", "Fc", "has 'init'")]
    [InlineData("internal partial Linear [|this|][int @int, string? name] { get; }", "this[]", "is an indexer")]
    public void A_property_that_is_not_get_only(string property, string name, string what) => Expect.Problem(
        Model($"[Linear(2, 2)] {property}"),
        "KG0012",
        $"Layer '{name}' {what}; declare it as an instance property with nothing but 'get;'");

    [Fact]
    public void A_property_with_a_body() => Expect.Problem(
        Model("[Linear(2, 2)] internal partial Linear [|Fc|] => null!;"),
        "KG0012",
        "Layer 'Fc' has a body; declare it as an instance property with nothing but 'get;'",
        "CS9249");

    [Fact]
    public void A_property_with_an_implementing_part() => Expect.Problem(
        Model("[Linear(2, 2)] internal partial Linear Fc { get; } internal partial Linear [|Fc|] => null!;"),
        "KG0012",
        "Layer 'Fc' is implemented by hand; declare it as an instance property with nothing but 'get;'");

    [Fact]
    public void A_layer_outside_a_model() => Expect.Problem(
        "internal partial class Mlp { [[|Linear|](2, 2), Unstructured] internal Linear Fc { get; } = null!; }",
        "KG0013",
        "[Linear] on 'Fc' has no effect, since 'Mlp' isn't marked [SparseModel]");

    [Theory]
    [InlineData("class Mlp")]
    [InlineData("struct Mlp")]
    [InlineData("class Outer<T> { internal partial record Mlp", "}")]
    public void Partial_layers_outside_a_model(string declaration, string end = "")
    {
        var run = GeneratorRun.Of(
            $$"""
            using KernelGen;
            internal partial {{declaration}} { [Linear(2, 2)] private partial Linear Fc1 { get; } {{end}} }
            internal partial {{declaration}} { [Linear(2, 2), NM(2, 4)] public partial Linear Fc2 { get; } {{end}} }
            """);
        Assert.Equal(
            ["[Linear] on 'Fc1' has no effect, since 'Mlp' isn't marked [SparseModel]",
             "[Linear] on 'Fc2' has no effect, since 'Mlp' isn't marked [SparseModel]"],
            run.Problems.Select(problem => problem.GetMessage(CultureInfo.InvariantCulture)));
        run.AssertCompiles();
    }

    [Theory]
    [InlineData("[Unstructured] internal class Mlp;")]
    [InlineData("[Prune(Criterion.Magnitude, Schedule.Cubic)] internal struct Mlp;")]
    public void What_the_compiler_takes_on_no_such_type_is_left_to_it(string declaration)
    {
        var run = GeneratorRun.Of($"using KernelGen;\n{declaration}");
        Assert.Empty(run.Problems);
        Assert.Equal(["CS0592"], run.CompilerProblems);
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("[SparseModel] ", "")]
    [InlineData("", "[SparseModel] ")]
    public void Names_that_differ_by_case_alone_have_a_file_each(string lower, string upper)
    {
        var run = GeneratorRun.Of(
            $$"""
            using KernelGen;
            {{lower}}internal partial class Mlp { [Linear(2, 2)] internal partial Linear Fc { get; } }
            {{upper}}internal partial class MLP { [Linear(2, 2)] internal partial Linear Fc { get; } }
            """);
        Assert.All(run.Problems, problem => Assert.Equal("KG0013", problem.Id));
        Assert.Empty(run.CompilerProblems);
    }

    [Fact]
    public void A_partial_layer_outside_a_model_in_a_class_that_is_not_partial() => Expect.Problem(
        "internal class Mlp { [[|Linear|](2, 2)] internal partial Linear Fc { get; } }",
        "KG0013",
        "[Linear] on 'Fc' has no effect, since 'Mlp' isn't marked [SparseModel]",
        "CS0751", "CS9248");

    [Fact]
    public void A_partial_property_outside_a_model_with_a_pattern_alone() => Expect.Problem(
        "internal partial class Mlp { [[|NM|](2, 4)] internal partial Linear Fc { get; } }",
        "KG0014",
        "[NM] on 'Fc' has no effect, since the property isn't marked [Linear]",
        "CS9248");

    [Fact]
    public void Attributes_on_two_parts_are_each_reported_once()
    {
        var run = GeneratorRun.Of(
            """
            using KernelGen;
            [Prune(Criterion.Magnitude, Schedule.Cubic)]
            internal partial class Mlp { [Linear(2, 2)] internal partial Linear Fc { get; } }
            [Prune(Criterion.Magnitude, Schedule.Cubic)]
            internal partial class Mlp { [Linear(2, 2)] internal partial Linear Fc => null!; }
            """);
        Assert.Equal(4, run.Problems.Select(problem => problem.Location).Distinct().Count());
        Assert.Equal(["KG0013", "KG0013", "KG0013", "KG0013"], run.Problems.Select(problem => problem.Id));
        Assert.Equal(["CS0579"], run.CompilerProblems);
    }

    [Fact]
    public void A_layer_of_an_unmarked_class_implemented_by_hand()
    {
        var run = GeneratorRun.Of(
            """
            using KernelGen;
            internal partial class Mlp
            {
                internal partial Linear Fc { get; }
                [Linear(2, 2)] internal partial Linear Fc => null!;
            }
            """);
        Assert.Equal("KG0013", Assert.Single(run.Problems).Id);
        run.AssertCompiles();
    }

    [Fact]
    public void Pruning_outside_a_model() => Expect.Problem(
        "[[|Prune|](Criterion.Magnitude, Schedule.Cubic)] internal class Mlp { }",
        "KG0013",
        "[Prune] on 'Mlp' has no effect, since 'Mlp' isn't marked [SparseModel]");

    [Theory]
    [InlineData("[[|Unstructured|](Sparsity = 0.5)]", "Unstructured")]
    [InlineData("[[|NM|](2, 4)]", "NM")]
    [InlineData("[[|BlockAttribute|](2, 4)]", "Block")]
    [InlineData("[[|Prune|](Criterion.Magnitude, Schedule.Cubic)]", "Prune")]
    public void An_attribute_without_a_layer(string attribute, string name)
    {
        var message = $"[{name}] on 'Other' has no effect, since the property isn't marked [Linear]";
        var layer = "[Linear(2, 2)] internal partial Linear Fc { get; } ";
        Expect.Problem(Model($"{layer}{attribute} internal int Other {{ get; }}"), "KG0014", message);
        Expect.Problem(Model($"{layer}{attribute} internal partial Linear Other {{ get; }}"), "KG0014", message);
        Expect.Problem($"internal class Mlp {{ {attribute} internal int Other {{ get; }} }}", "KG0014", message);
    }

    [Fact]
    public void Two_patterns() => Expect.Problem(
        Model("[Linear(2, 2), NM(2, 4), [|Unstructured|]] internal partial Linear Fc { get; }"),
        "KG0015",
        "Layer 'Fc' declares two patterns, [NM] and [Unstructured]; keep one");

    private static string Model(string members) => $"[SparseModel] internal partial class Mlp {{ {members} }}";
}
