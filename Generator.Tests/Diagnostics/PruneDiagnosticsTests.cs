using KernelGen.Generator.Tests.Support;

namespace KernelGen.Generator.Tests.Diagnostics;

/// <summary>Mistakes in [Prune].</summary>
public sealed class PruneDiagnosticsTests
{
    [Theory]
    [InlineData("Begin = [|-0.1|]", "Begin of model 'Mlp' must be a fraction of the run from 0 to 1, not -0.1")]
    [InlineData("End = [|1.5|]", "End of model 'Mlp' must be a fraction of the run from 0 to 1, not 1.5")]
    [InlineData("Begin = 0.5, End = [|-1|]", "End of model 'Mlp' must be a fraction of the run from 0 to 1, not -1")]
    [InlineData("Begin = [|double.NaN|]", "Begin of model 'Mlp' must be a fraction of the run from 0 to 1, not NaN")]
    public Task A_limit_out_of_range(string settings, string message) => OnModel(settings, "KG0024", message);

    [Fact]
    public Task A_limit_of_a_layer_out_of_range() => OnLayer(
        "Begin = [|2|]", "KG0024", "Begin of layer 'Fc' must be a fraction of the run from 0 to 1, not 2");

    [Fact]
    public async Task A_schedule_that_ends_before_it_begins()
    {
        await OnModel("Begin = 0.7, End = [|0.2|]", "KG0025", "Pruning of model 'Mlp' ends at 0.2, before it begins at 0.7");
        await OnLayer("End = [|0.25|], Begin = 0.5", "KG0025", "Pruning of layer 'Fc' ends at 0.25, before it begins at 0.5");
    }

    [Theory]
    [InlineData("Every = [|0|]", 0)]
    [InlineData("Every = [|-5|]", -5)]
    public Task Updates_below_one(string settings, int every) => OnModel(
        settings, "KG0026", $"Every of model 'Mlp' must be at least 1 optimiser step, not {every}");

    [Theory]
    [InlineData("Budget = [|Budget.Erk|]", "Erk")]
    [InlineData("Budget = Budget.Global, Sparsity = [|0|]", "Global")]
    [InlineData("Budget = [|Budget.Uniform|]", "Uniform")]
    public Task A_budget_without_sparsity(string settings, string budget) => OnModel(
        settings, "KG0027", $"Budget {budget} of model 'Mlp' needs a model-wide Sparsity above 0");

    [Theory]
    [InlineData("Budget = [|Budget.ByHand|]", "Budget")]
    [InlineData("Sparsity = [|0.5|]", "Sparsity")]
    public Task A_setting_of_the_model_on_a_layer(string settings, string name) => OnLayer(
        settings, "KG0028", $"{name} on layer 'Fc' has no effect: it belongs to the model's [Prune]");

    [Fact]
    public Task A_sparsity_that_is_ignored() => OnModel(
        "Sparsity = [|0.9|]",
        "KG0029",
        "Sparsity of model 'Mlp' has no effect with Budget.ByHand; set a budget, or Sparsity on each layer's pattern");

    [Fact]
    public Task A_model_wide_sparsity_out_of_range() => OnModel(
        "Budget = Budget.Erk, Sparsity = [|1|]", "KG0020", "Sparsity 1 of model 'Mlp' must be at least 0 and below 1");

    private static Task OnModel(string settings, string id, string message) => Expect.Problem(
        $"[SparseModel, Prune(Criterion.Magnitude, Schedule.Cubic, {settings})] internal partial class Mlp "
            + "{ [Linear(2, 2), Unstructured(Sparsity = 0.5)] internal partial Linear Fc { get; } }",
        id,
        message);

    private static Task OnLayer(string settings, string id, string message) => Expect.Problem(
        "[SparseModel] internal partial class Mlp { [Linear(2, 2), Unstructured(Sparsity = 0.5)] "
            + $"[Prune(Criterion.Magnitude, Schedule.Cubic, {settings})] internal partial Linear Fc {{ get; }} }}",
        id,
        message);
}
