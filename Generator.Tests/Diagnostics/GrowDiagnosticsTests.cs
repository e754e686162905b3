using KernelGen.Generator.Tests.Support;

namespace KernelGen.Generator.Tests.Diagnostics;

/// <summary>Mistakes in [Grow], and in the unit of [Prune].</summary>
public sealed class GrowDiagnosticsTests
{
    private const string Constant = "[Prune(Criterion.Random, Schedule.Constant)]";
    private const string Sparse = "[Linear(4, 4), Unstructured(Sparsity = 0.5)]";

    [Theory]
    [InlineData("Cubic")]
    [InlineData("OneShot")]
    [InlineData("Exponential")]
    public void A_schedule_that_changes_the_count(string schedule)
    {
        const string Tail = "and [Grow] needs a constant number of active weights; set Schedule.Constant, or remove [Grow]";
        var marked = $"[Prune(Criterion.Magnitude, [|Schedule.{schedule}|])]";
        var plain = $"[Prune(Criterion.Magnitude, Schedule.{schedule})]";

        // Where both are the model's, or both the layer's, the schedule; a layer's schedule under a model that grows; a layer that grows under a model that prunes.
        Expect.Problem(Model($"{marked} [Grow(Growth.RigL)]", Sparse), "KG0037", $"model 'Mlp' is pruned by Schedule.{schedule}, {Tail}");
        Expect.Problem(Model("", $"{Sparse} {marked} [Grow(Growth.RigL)]"), "KG0037", $"layer 'Fc' is pruned by Schedule.{schedule}, {Tail}");
        Expect.Problem(Model($"{Constant} [Grow(Growth.Set)]", $"{Sparse} {marked}"), "KG0037", $"layer 'Fc' is pruned by Schedule.{schedule}, {Tail}");
        Expect.Problem(Model(plain, $"{Sparse} [[|Grow|](Growth.Set)]"), "KG0037", $"layer 'Fc' is pruned by Schedule.{schedule}, {Tail}");
    }

    [Fact]
    public void A_schedule_that_prunes_what_a_method_chooses()
    {
        const string Tail = "is pruned by Schedule.Cubic, and [Grow] chooses the weights by Growth.AcDc; set Schedule.Constant, or remove [Grow]";
        Expect.Problem(Model("[Prune(Criterion.Magnitude, [|Schedule.Cubic|])] [Grow(Growth.AcDc)]", Sparse), "KG0037", $"model 'Mlp' {Tail}");
        Expect.Problem(Model("[Grow(Growth.AcDc)]", $"{Sparse} [Prune(Criterion.Magnitude, [|Schedule.Cubic|])]"), "KG0037", $"layer 'Fc' {Tail}");
    }

    [Theory]
    [InlineData("AcDc", "Share = [|0.2|]", "Share", "its phases are those of an Alternation")]
    [InlineData("AcDc", "Every = [|0|]", "Every", "its phases are those of an Alternation")]
    [InlineData("TopKast", "End = [|1|]", "End", "it chooses at each forward pass")]
    [InlineData("TopKast", "Share = [|2|]", "Share", "it chooses at each forward pass")]
    public void A_setting_that_a_method_does_not_have(string growth, string setting, string name, string reason)
    {
        Expect.Problem(
            Model($"[Grow(Growth.{growth}, {setting})]", Sparse), "KG0034", $"{name} of model 'Mlp' has no effect with Growth.{growth}: {reason}; remove it");
        Expect.Problem(
            Model("", $"{Sparse} [Grow(Growth.{growth}, {setting})]"), "KG0034", $"{name} of layer 'Fc' has no effect with Growth.{growth}: {reason}; remove it");
    }

    [Theory]
    [InlineData("SRSte", "Unstructured(Sparsity = 0.5)", "it keeps N of every M weights; declare the layer [NM], or choose another growth")]
    [InlineData("SRSte", "Block(2, 2, Sparsity = 0.5)", "it keeps N of every M weights; declare the layer [NM], or choose another growth")]
    [InlineData("TopKast", "NM(2, 4)", "it ranks over the whole layer, and N:M keeps N of every M weights; choose Growth.SRSte")]
    public void A_method_of_another_pattern(string growth, string pattern, string reason) => Expect.Problem(
        Model("", $"[Linear(4, 4), {pattern}] [Grow([|Growth.{growth}|])]"), "KG0044", $"Layer 'Fc' can't grow by Growth.{growth}: {reason}");

    [Theory]
    [InlineData("Budget = Budget.Global, Sparsity = 0.5", "Budget.Global leaves open how many weights a layer keeps; choose another Budget in the model's [Prune]")]
    [InlineData(
        "Budget = Budget.Erk, Sparsity = 0.5, MinimumPerOutput = 1",
        "it ranks over the whole layer, and can't keep a MinimumPerOutput; remove that from the model's [Prune]")]
    public void A_budget_without_a_density(string settings, string reason)
    {
        var prune = $"[Prune(Criterion.Magnitude, Schedule.Constant, {settings})]";
        Expect.Problem(
            Model($"{prune} [Grow([|Growth.TopKast|])]", "[Linear(4, 4), Unstructured]"), "KG0044", $"Model 'Mlp' can't grow by Growth.TopKast: {reason}");
        Expect.Problem(
            Model(prune, "[Linear(4, 4), Unstructured] [Grow([|Growth.TopKast|])]"), "KG0044", $"Layer 'Fc' can't grow by Growth.TopKast: {reason}");
    }

    [Theory]
    [InlineData("", "Growth.RigL", "[|Growth.AcDc|]", "AcDc", "an Alternator", "RigL", "a Rewirer", "Fc2", "Fc")]
    [InlineData("[Grow(Growth.RigL)]", null, "[|Growth.TopKast|]", "TopKast", "ReparametriseAsDeclared", "RigL", "a Rewirer", "Fc2", "Fc")]
    [InlineData("[Grow(Growth.AcDc)]", "[|Growth.Set|]", null, "Set", "a Rewirer", "AcDc", "an Alternator", "Fc", "Fc2")]
    public void Methods_that_different_calls_follow(
        string onModel, string? first, string? second, string odd, string follows, string with, string followsThat, string layer, string other)
    {
        string Layer(string? growth) => Sparse + (growth is null ? "" : $"[Grow({growth})]");
        Expect.Problem(
            $"{onModel} [SparseModel] internal partial class Mlp {{ {Layer(first)} internal partial Linear Fc {{ get; }} {Layer(second)} internal partial Linear Fc2 {{ get; }} }}",
            "KG0045",
            $"Layer '{layer}' grows by Growth.{odd}, which {follows} follows, and layer '{other}' by Growth.{with}, which {followsThat} follows; "
                + "choose methods that the same follows");
    }

    [Theory]
    [InlineData("SRSte", "[Linear(4, 4), Unstructured(Sparsity = 0.5)]", "no layer is N:M; add [NM] to those that it should change")]
    [InlineData("TopKast", "[Linear(4, 4), NM(2, 4)]", "no layer is unstructured or has blocks; add [Unstructured] or [Block] to those that it should change")]
    [InlineData("AcDc", "[Linear(4, 4)]", "no layer has a pattern; add [Unstructured], [NM] or [Block] to those that it should change")]
    public void A_method_that_no_layer_takes(string growth, string layer, string reason) => Expect.Problem(
        Model($"[[|Grow|](Growth.{growth})]", layer), "KG0039", $"[Grow] changes nothing in model 'Mlp': {reason}");

    [Theory]
    [InlineData("AcDc", "[|Unstructured|]", "Unstructured")]
    [InlineData("TopKast", "Block(2, 2, Sparsity = [|0|])", "Block")]
    public void A_method_that_keeps_every_weight(string growth, string pattern, string name) => Expect.Problem(
        Model($"[Grow(Growth.{growth})]", $"[Linear(4, 4), {pattern}]"),
        "KG0039", $"[Grow] changes nothing in layer 'Fc': the Sparsity of its [{name}] is 0; set it above 0");

    [Theory]
    [InlineData("Share = [|0|]", "Share", "0")]
    [InlineData("Share = [|1.5|]", "Share", "1.5")]
    [InlineData("Share = [|double.NaN|]", "Share", "NaN")]
    [InlineData("End = [|0|]", "End", "0")]
    [InlineData("End = [|-1|]", "End", "-1")]
    [InlineData("End = [|2|]", "End", "2")]
    public void A_setting_out_of_range(string setting, string name, string value)
    {
        Expect.Problem(Model($"[Grow(Growth.RigL, {setting})]", Sparse), "KG0038", $"{name} of model 'Mlp' must be above 0 and at most 1, not {value}");
        Expect.Problem(Model("", $"{Sparse} [Grow(Growth.RigL, {setting})]"), "KG0038", $"{name} of layer 'Fc' must be above 0 and at most 1, not {value}");
    }

    [Fact]
    public void Changes_below_one() => Expect.Problem(
        Model("[Grow(Growth.Set, Every = [|0|])]", Sparse), "KG0026", "Every of model 'Mlp' must be at least 1 optimiser step, not 0");

    [Fact]
    public void An_undefined_rule() => Expect.Problem(
        Model("[Grow([|(Growth)7|])]", Sparse), "KG0021", "7 is no value of Growth");

    [Fact]
    public void Growth_of_what_is_dense()
    {
        Expect.Problem(
            Model("", "[Linear(4, 4)] [[|Grow|](Growth.RigL)]"),
            "KG0039",
            "[Grow] changes nothing in layer 'Fc': it has no pattern; add [Unstructured], [NM] or [Block]");
        Expect.Problem(
            Model("[[|Grow|](Growth.RigL)]", "[Linear(4, 4)]"),
            "KG0039",
            "[Grow] changes nothing in model 'Mlp': no layer has a pattern; add [Unstructured], [NM] or [Block] to those that it should change");
    }

    [Fact]
    public void Redistribution_of_what_is_fixed()
    {
        const string Message = "Growth.Snfs moves weights between layers, but the N:M of layer 'Fc' fixes how many it has: "
            + "they move within its groups alone; give it a [Grow] of its own";
        Expect.Problem(Model("[Grow(Growth.Snfs)]", "[Linear(4, 4), [|NM|](2, 4)]"), "KG0040", Message);
        Expect.Problem(Model("[Grow(Growth.RigL)]", "[Linear(4, 4), NM(2, 4)] [Grow([|Growth.Snfs|])]"), "KG0040", Message);
    }

    [Theory]
    [InlineData("Output")]
    [InlineData("Input")]
    public void Whole_outputs_or_inputs_of_a_group(string unit)
    {
        var message = $"Layer 'Fc' can't be pruned by PruningUnit.{unit}: N:M keeps as many weights of every group; "
            + "give it a [Prune] with PruningUnit.Pattern, or another pattern";
        Expect.Problem(Model($"[Prune(Criterion.Magnitude, Schedule.Cubic, Unit = PruningUnit.{unit})]", "[Linear(4, 4), [|NM|](2, 4)]"), "KG0041", message);
        Expect.Problem(
            Model("", $"[Linear(4, 4), NM(2, 4)] [Prune(Criterion.Magnitude, Schedule.Cubic, Unit = [|PruningUnit.{unit}|])]"), "KG0041", message);
    }

    [Theory]
    [InlineData("Activity", "", "NM(2, 4)", "it ranks whole outputs alone, which N:M doesn't have; choose another criterion")]
    [InlineData("Correlation", "", "NM(2, 4)", "it ranks whole outputs alone, which N:M doesn't have; choose another criterion")]
    [InlineData("Correlation", ", Unit = PruningUnit.Input", "Unstructured(Sparsity = 0.5)", "it ranks whole outputs alone, not inputs; leave Unit unset, or choose another criterion")]
    [InlineData("Wanda", ", Unit = PruningUnit.Output", "Block(2, 2, Sparsity = 0.5)", "it compares weights within an output alone, and so can't rank outputs; choose another criterion or unit")]
    public void Units_that_a_criterion_does_not_know(string criterion, string unit, string pattern, string reason)
    {
        var message = $"Layer 'Fc' can't be pruned by Criterion.{criterion}: {reason}";
        Expect.Problem(Model("", $"[Linear(4, 4), {pattern}] [Prune([|Criterion.{criterion}|], Schedule.OneShot{unit})]"), "KG0042", message);
        Expect.Problem(
            Model($"[Prune(Criterion.{criterion}, Schedule.OneShot{unit})]", $"[Linear(4, 4), [|{pattern[..pattern.IndexOf('(')]}|]{pattern[pattern.IndexOf('(')..]}]"), "KG0042", message);
    }

    [Fact]
    public void An_undefined_unit() => Expect.Problem(
        Model("[Prune(Criterion.Magnitude, Schedule.Cubic, Unit = [|(PruningUnit)3|])]", Sparse), "KG0021", "3 is no value of PruningUnit");

    [Theory]
    [InlineData("[[|Grow|](Growth.Set)] internal partial class Mlp { }", "[Grow] on 'Mlp' has no effect, since 'Mlp' isn't marked [SparseModel]", "KG0013")]
    [InlineData(
        "[SparseModel] internal partial class Mlp { [Linear(4, 4)] internal partial Linear Fc { get; } [[|Grow|](Growth.Set)] internal int Other => 1; }",
        "[Grow] on 'Other' has no effect, since the property isn't marked [Linear]", "KG0014")]
    public void Growth_that_nothing_reads(string program, string message, string id) => Expect.Problem(program, id, message);

    [Theory]
    [InlineData("[Grow(Growth.Set)]", Sparse)]
    [InlineData(Constant + "[Grow(Growth.Snfs, Share = 1, Every = 1, End = 1)]", Sparse)]
    [InlineData("[Grow(Growth.Snfs)]", "[Linear(4, 4), Block(2, 2, Sparsity = 0.5)]")]
    [InlineData("[Grow(Growth.Snfs)]", "[Linear(4, 4), NM(2, 4)] [Grow(Growth.RigL)]")]
    [InlineData("[Grow(Growth.AcDc)]", Sparse)]
    [InlineData("[Grow(Growth.AcDc)]", "[Linear(4, 4), NM(2, 4)]")]
    [InlineData("[Prune(Criterion.Magnitude, Schedule.Constant, Budget = Budget.Global, Sparsity = 0.5)] [Grow(Growth.AcDc)]", "[Linear(4, 4), Unstructured]")]
    [InlineData("[Prune(Criterion.Magnitude, Schedule.Constant, Budget = Budget.Erk, Sparsity = 0.5)] [Grow(Growth.TopKast)]", "[Linear(4, 4), Block(2, 2)]")]
    [InlineData("[Grow(Growth.SRSte)]", "[Linear(4, 4), NM(2, 4)]")]
    [InlineData("[Grow(Growth.SRSte)]", Sparse + "[Grow(Growth.TopKast)] internal partial Linear Fc1 { get; } [Linear(4, 4), NM(2, 4)]")]
    [InlineData("[Prune(Criterion.Magnitude, Schedule.Cubic)]", Sparse + Constant + "[Grow(Growth.RigL)]")]
    [InlineData("[Prune(Criterion.Taylor, Schedule.OneShot, Unit = PruningUnit.Output)]", Sparse)]
    [InlineData("[Prune(Criterion.Wanda, Schedule.OneShot, Unit = PruningUnit.Input)]", Sparse)]
    [InlineData("[Prune(Criterion.Activity, Schedule.OneShot)]", Sparse)]
    [InlineData("[Prune(Criterion.Magnitude, Schedule.Cubic, Unit = PruningUnit.Input)]", "[Linear(4, 4), NM(2, 4)] [Prune(Criterion.Magnitude, Schedule.Cubic)]")]
    public void Growth_that_works(string onModel, string layer) => Expect.Works(Model(onModel, layer));

    private static string Model(string onModel, string layer)
        => $"{onModel} [SparseModel] internal partial class Mlp {{ {layer} internal partial Linear Fc {{ get; }} }}";
}
