using System.Globalization;
using KernelGen.Generator.Tests.Support;

namespace KernelGen.Generator.Tests.Diagnostics;

/// <summary>Mistakes in [Prune].</summary>
public sealed class PruneDiagnosticsTests
{
    private const string Cubic = "[Prune(Criterion.Magnitude, Schedule.Cubic)]";

    [Theory]
    [InlineData("Begin = [|-0.1|]", "Begin of model 'Mlp' must be a fraction of the run from 0 to 1, not -0.1")]
    [InlineData("End = [|1.5|]", "End of model 'Mlp' must be a fraction of the run from 0 to 1, not 1.5")]
    [InlineData("Begin = 0.5, End = [|-1|]", "End of model 'Mlp' must be a fraction of the run from 0 to 1, not -1")]
    [InlineData("Begin = [|double.NaN|]", "Begin of model 'Mlp' must be a fraction of the run from 0 to 1, not NaN")]
    public void A_limit_out_of_range(string settings, string message) => OnModel(settings, "KG0024", message);

    [Fact]
    public void A_limit_of_a_layer_out_of_range() => OnLayer(
        "Begin = [|2|]", "KG0024", "Begin of layer 'Fc' must be a fraction of the run from 0 to 1, not 2");

    [Fact]
    public void A_schedule_that_ends_before_it_begins()
    {
        OnModel("Begin = 0.7, End = [|0.2|]", "KG0025", "Pruning of model 'Mlp' ends at 0.2, before it begins at 0.7");
        OnLayer("End = [|0.25|], Begin = 0.5", "KG0025", "Pruning of layer 'Fc' ends at 0.25, before it begins at 0.5");
    }

    [Theory]
    [InlineData("Every = [|0|]", 0)]
    [InlineData("Every = [|-5|]", -5)]
    public void Updates_below_one(string settings, int every) => OnModel(
        settings, "KG0026", $"Every of model 'Mlp' must be at least 1 optimiser step, not {every}");

    [Theory]
    [InlineData("", "[|Schedule.MultiStep|]")]
    [InlineData(", Steps = [|null!|]", "Schedule.MultiStep")]
    [InlineData(", Steps = [|new double[0]|]", "Schedule.MultiStep")]
    public void Multi_step_pruning_without_steps(string steps, string schedule)
    {
        const string Message = "Multi-step pruning of {0} needs Steps: the fractions of the run at which it prunes, "
            + "such as Steps = new[] {{ 0.2, 0.4, 0.6 }}";
        var prune = $"[Prune(Criterion.Magnitude, {schedule}{steps})]";
        Expect.Problem(Model(prune, "[Linear(2, 2), NM(1, 2)]"), "KG0032", string.Format(null, Message, "model 'Mlp'"));
        Expect.Problem(Model("", $"[Linear(2, 2), NM(1, 2)] {prune}"), "KG0032", string.Format(null, Message, "layer 'Fc'"));
    }

    [Theory]
    [InlineData("0.2, 0.2", "0.2")]
    [InlineData("0.5, 0.25", "0.25")]
    [InlineData("0.5, 1.5", "1.5")]
    [InlineData("-0.5, 1", "-0.5")]
    [InlineData("0, double.NaN", "NaN")]
    public void Steps_that_do_not_ascend(string steps, string wrong) => Expect.Problem(
        Model($"[Prune(Criterion.Magnitude, Schedule.MultiStep, Steps = [|new double[] {{ {steps} }}|])]", "[Linear(2, 2), NM(1, 2)]"),
        "KG0033",
        $"Steps of model 'Mlp' must be ascending fractions of the run from 0 to 1; {wrong} is not");

    [Theory]
    [InlineData("Cubic", "Steps = [|new[] { 0.5 }|]", "Steps", "only MultiStep has them")]
    [InlineData("OneShot", "Steps = [|new[] { 0.5 }|]", "Steps", "only MultiStep has them")]
    [InlineData("OneShot", "End = [|0.5|]", "End", "it prunes once, at Begin")]
    [InlineData("OneShot", "Every = [|50|]", "Every", "it prunes once, at Begin")]
    [InlineData("Constant", "Begin = [|0.5|]", "Begin", "it prunes before the first step")]
    [InlineData("Constant", "End = [|0.5|]", "End", "it prunes before the first step")]
    [InlineData("Constant", "Every = [|50|]", "Every", "it prunes before the first step")]
    [InlineData("MultiStep", "Steps = new[] { 0.5 }, Begin = [|0.5|]", "Begin", "it prunes at its Steps")]
    [InlineData("MultiStep", "Steps = new[] { 0.5 }, End = [|0.5|]", "End", "it prunes at its Steps")]
    [InlineData("MultiStep", "Steps = new[] { 0.5 }, Every = [|50|]", "Every", "it prunes at its Steps")]
    public void A_setting_that_the_schedule_ignores(string schedule, string settings, string name, string reason) => Expect.Problem(
        Model("", $"[Linear(2, 2), NM(1, 2)] [Prune(Criterion.Magnitude, Schedule.{schedule}, {settings})]"),
        "KG0034",
        $"{name} of layer 'Fc' has no effect with Schedule.{schedule}: {reason}; remove it");

    [Theory]
    [InlineData("Movement", "[|Schedule.Constant|]", "choose another schedule")]
    [InlineData("FirstOrder", "[|Schedule.OneShot|]", "set Begin above 0")]
    [InlineData("Movement", "Schedule.OneShot, Begin = [|0|]", "set Begin above 0")]
    [InlineData("Movement", "Schedule.MultiStep, Steps = [|new[] { 0, 0.5 }|]", "let Steps begin above 0")]
    [InlineData("FirstOrder", "Schedule.Cubic, End = [|0|]", "set End above 0")]
    public void Pruning_before_the_steps_that_a_criterion_adds_up(string criterion, string schedule, string remedy)
    {
        var message = $"Criterion.{criterion} ranks by the steps of training, and {{0}} is pruned before the first; {remedy}";
        var prune = $"[Prune(Criterion.{criterion}, {schedule})]";
        Expect.Problem(Model("", $"[Linear(2, 2), NM(1, 2)] {prune}"), "KG0043", string.Format(CultureInfo.InvariantCulture, message, "layer 'Fc'"));
        Expect.Problem(Model(prune, "[Linear(2, 2), NM(1, 2)]"), "KG0043", string.Format(CultureInfo.InvariantCulture, message, "model 'Mlp'"));
    }

    [Theory]
    [InlineData("Movement, Schedule.OneShot, Begin = 0.1")]
    [InlineData("Movement, Schedule.Cubic")]
    [InlineData("FirstOrder, Schedule.MultiStep, Steps = new[] { 0.1, 0.5 }")]
    [InlineData("Snip, Schedule.OneShot")]
    [InlineData("Magnitude, Schedule.Constant")]
    public void Pruning_after_the_steps_that_a_criterion_adds_up(string prune) => Expect.Works(
        Model($"[Prune(Criterion.{prune})]", "[Linear(2, 2), NM(1, 2)]"));

    [Theory]
    [InlineData("Budget = [|Budget.Erk|]", "Erk")]
    [InlineData("Budget = Budget.Global, Sparsity = [|0|]", "Global")]
    [InlineData("Budget = [|Budget.Uniform|]", "Uniform")]
    public void A_budget_without_sparsity(string settings, string budget) => OnModel(
        settings, "KG0027", $"Budget {budget} of model 'Mlp' needs a model-wide Sparsity above 0");

    [Theory]
    [InlineData("Budget = [|Budget.ByHand|]", "Budget")]
    [InlineData("Sparsity = [|0.5|]", "Sparsity")]
    [InlineData("MinimumPerLayer = [|5|]", "MinimumPerLayer")]
    [InlineData("MinimumPerOutput = [|5|]", "MinimumPerOutput")]
    public void A_setting_of_the_model_on_a_layer(string settings, string name) => OnLayer(
        settings, "KG0028", $"{name} on layer 'Fc' has no effect: it belongs to the model's [Prune]");

    [Theory]
    [InlineData("MinimumPerLayer = [|0|]", "MinimumPerLayer", 1, 0)]
    [InlineData("MinimumPerOutput = [|-1|]", "MinimumPerOutput", 0, -1)]
    public void A_minimum_out_of_range(string setting, string name, int least, int value) => OnModel(
        setting, "KG0035", $"{name} of model 'Mlp' must be at least {least}, not {value}");

    [Theory]
    [InlineData("Uniform", "MinimumPerLayer = [|5|]", 5)]
    [InlineData("Erk", "MinimumPerOutput = [|2|]", 6)]
    [InlineData("Global", "MinimumPerLayer = 7, MinimumPerOutput = [|1|]", 7)]
    public void Minima_above_the_total(string budget, string settings, int least) => Expect.Problem(
        Model($"[Prune(Criterion.Magnitude, Schedule.Cubic, Budget = Budget.{budget}, Sparsity = 0.75, {settings})]", "[Linear(5, 3), Unstructured]"),
        "KG0036",
        $"The minima of model 'Mlp' keep {least} weights, more than the 4 that its Sparsity leaves, so it ends denser; "
            + "lower a minimum or the Sparsity");

    [Fact]
    public void A_sparsity_that_is_ignored() => OnModel(
        "Sparsity = [|0.9|]",
        "KG0029",
        "Sparsity of model 'Mlp' has no effect with Budget.ByHand; set a budget, or Sparsity on each layer's pattern");

    [Fact]
    public void A_model_wide_sparsity_out_of_range() => OnModel(
        "Budget = Budget.Erk, Sparsity = [|1|]", "KG0020", "Sparsity 1 of model 'Mlp' must be at least 0 and below 1");

    [Theory]
    [InlineData("Unstructured")]
    [InlineData("Block(2, 1)")]
    public void A_pattern_without_sparsity(string pattern)
    {
        var name = pattern.Split('(')[0];
        var message = $"[Prune] prunes nothing in layer 'Fc': the Sparsity of its [{name}] is 0; set it above 0";
        var marked = pattern.Replace(name, $"[|{name}|]", StringComparison.Ordinal);
        Expect.Problem(Model(Cubic, $"[Linear(2, 2), {marked}]"), "KG0030", message);
        Expect.Problem(Model("", $"[Linear(2, 2), {marked}] {Cubic}"), "KG0030", message);
    }

    [Theory]
    [InlineData("Unstructured(Sparsity = [|0|])", "Unstructured")]
    [InlineData("Block(2, 1, Sparsity = [|-0d|])", "Block")]
    public void A_pattern_of_sparsity_zero(string pattern, string name) => Expect.Problem(
        Model(Cubic, $"[Linear(2, 2), {pattern}]"),
        "KG0030",
        $"[Prune] prunes nothing in layer 'Fc': the Sparsity of its [{name}] is 0; set it above 0");

    [Fact]
    public void A_dense_layer_that_is_to_be_pruned() => Expect.Problem(
        Model("", "[Linear(2, 2), [|Prune|](Criterion.Magnitude, Schedule.Cubic)]"),
        "KG0030",
        "[Prune] prunes nothing in layer 'Fc': it has no pattern; add [Unstructured], [NM] or [Block]");

    [Theory]
    [InlineData("")]
    [InlineData(", Budget = Budget.Erk, Sparsity = 0.5")]
    public void A_dense_model_that_is_to_be_pruned(string settings) => Expect.Problem(
        Model($"[[|Prune|](Criterion.Magnitude, Schedule.Cubic{settings})]", "[Linear(2, 2)]"),
        "KG0030",
        "[Prune] prunes nothing in model 'Mlp': no layer has a pattern; "
            + "add [Unstructured], [NM] or [Block] to those that it should prune");

    [Theory]
    [InlineData("Uniform", "Unstructured(Sparsity = [|0.9|])")]
    [InlineData("Erk", "Block(2, 1, Sparsity = [|0.5|])")]
    [InlineData("Global", "Unstructured(Sparsity = [|0|])")]
    public void A_sparsity_of_a_layer_that_is_ignored(string budget, string pattern)
    {
        var message = $"Sparsity of layer 'Fc' has no effect with Budget.{budget}, which spreads the model-wide one; "
            + "remove it, or set Budget.ByHand";
        Expect.Problem(Model(Spread(budget), $"[Linear(2, 2), {pattern}]"), "KG0031", message);
        Expect.Problem(Model(Spread(budget), $"[Linear(2, 2), {pattern}] {Cubic}"), "KG0031", message);
    }

    [Theory]
    [InlineData(Cubic, "[Linear(2, 2), Unstructured(Sparsity = 0.5)]")]
    [InlineData(Cubic, "[Linear(2, 2), NM(1, 2)]")]
    [InlineData("[Prune(Criterion.Magnitude, Schedule.Cubic, Budget = Budget.Erk, Sparsity = 0.75, MinimumPerLayer = 4)]", "[Linear(5, 3), Unstructured]")]
    [InlineData("[Prune(Criterion.Magnitude, Schedule.Cubic, MinimumPerOutput = 2)]", "[Linear(5, 3), Unstructured(Sparsity = 0.9)]")]
    [InlineData("[Prune(Criterion.Magnitude, Schedule.Exponential, Begin = 0.1, End = 0.7, Every = 10)]", "[Linear(2, 2), NM(1, 2)]")]
    [InlineData("[Prune(Criterion.Magnitude, Schedule.Cosine, Begin = 0.1, End = 0.7, Every = 10)]", "[Linear(2, 2), NM(1, 2)]")]
    [InlineData("[Prune(Criterion.Magnitude, Schedule.MultiStep, Steps = new[] { 0, 0.5, 1 })]", "[Linear(2, 2), NM(1, 2)]")]
    [InlineData("", "[Linear(2, 2), NM(1, 2)]" + Cubic)]
    [InlineData("", "[Linear(2, 2), Block(2, 1, Sparsity = 0.5)]" + Cubic)]
    [InlineData("", "[Linear(2, 2), Unstructured]")]
    [InlineData("", "[Linear(2, 2), Block(2, 1, Sparsity = 0)]")]
    [InlineData("[Prune(Criterion.Magnitude, Schedule.Cubic, Budget = Budget.Global, Sparsity = 0.9)]", "[Linear(2, 2), Unstructured]")]
    [InlineData("[Prune(Criterion.Magnitude, Schedule.Cubic, Budget = Budget.Uniform, Sparsity = 0.9)]", "[Linear(2, 2), Block(2, 1)]" + Cubic)]
    public void Pruning_that_works(string onModel, string layer) => Expect.Works(Model(onModel, layer));

    [Fact]
    public void A_dense_layer_beside_one_that_is_pruned() => Expect.Works(
        $"{Cubic} [SparseModel] internal partial class Mlp {{ [Linear(2, 2), NM(1, 2)] internal partial Linear Fc1 {{ get; }} "
            + "[Linear(2, 2)] internal partial Linear Fc2 { get; } }");

    private static string Spread(string budget)
        => $"[Prune(Criterion.Magnitude, Schedule.Cubic, Budget = Budget.{budget}, Sparsity = 0.9)]";

    private static string Model(string onModel, string layer)
        => $"{onModel} [SparseModel] internal partial class Mlp {{ {layer} internal partial Linear Fc {{ get; }} }}";

    private static void OnModel(string settings, string id, string message) => Expect.Problem(
        $"[SparseModel, Prune(Criterion.Magnitude, Schedule.Cubic, {settings})] internal partial class Mlp "
            + "{ [Linear(2, 2), Unstructured(Sparsity = 0.5)] internal partial Linear Fc { get; } }",
        id,
        message);

    private static void OnLayer(string settings, string id, string message) => Expect.Problem(
        "[SparseModel] internal partial class Mlp { [Linear(2, 2), Unstructured(Sparsity = 0.5)] "
            + $"[Prune(Criterion.Magnitude, Schedule.Cubic, {settings})] internal partial Linear Fc {{ get; }} }}",
        id,
        message);
}
