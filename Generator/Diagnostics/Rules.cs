using Microsoft.CodeAnalysis;

namespace KernelGen.Generator.Diagnostics;

/// <summary>What can be wrong with a model; each rule has a page in docs/diagnostics.</summary>
internal static class Rules
{
    public static readonly DiagnosticDescriptor TypeNotPartial = Error(
        "KG0001",
        "A model's types must be partial",
        "'{0}' must be partial, so that the build can add the members of model '{1}'");

    public static readonly DiagnosticDescriptor WrongKindOfType = Error(
        "KG0002",
        "A model must be an ordinary class",
        "Model '{0}' is {1}; declare it as an ordinary class");

    public static readonly DiagnosticDescriptor FileLocal = Error(
        "KG0003",
        "A model can't be file-local",
        "'{0}' is file-local, and emitted code stands in another file; remove 'file'");

    public static readonly DiagnosticDescriptor NoLayers = Error(
        "KG0004",
        "A model needs layers",
        "Model '{0}' has no layers; mark at least one partial property of type Linear with [Linear(inFeatures, outFeatures)]");

    public static readonly DiagnosticDescriptor LayersWithoutOrder = Error(
        "KG0005",
        "Layers stand in several partial declarations",
        "Layer '{0}' stands in another partial declaration than layer '{1}', so their order is undefined; move all layers into one declaration");

    public static readonly DiagnosticDescriptor MemberCollides = Error(
        "KG0006",
        "A member collides with one that the build adds",
        "'{0}' collides with '{1}', which the build adds to model '{2}'; rename it");

    public static readonly DiagnosticDescriptor BaseIsModel = Error(
        "KG0007",
        "A model can't derive from a model",
        "Model '{0}' derives from model '{1}', whose layers it can't extend; hold a '{1}' in a field instead");

    public static readonly DiagnosticDescriptor UnsafeNotAllowed = Error(
        "KG0008",
        "Emitted kernels need unsafe code",
        "Emitted kernels use unsafe code, which this project doesn't allow; set <AllowUnsafeBlocks>true</AllowUnsafeBlocks> in the project file");

    public static readonly DiagnosticDescriptor LanguageTooOld = Error(
        "KG0009",
        "Emitted code needs C# 13",
        "Emitted code needs C# 13 or later, and this project uses C# {0}; set <LangVersion>13</LangVersion> in the project file");

    public static readonly DiagnosticDescriptor PropertyNotPartial = Error(
        "KG0010",
        "A layer's property must be partial",
        "Layer '{0}' must be a partial property, so that the build can implement it");

    public static readonly DiagnosticDescriptor PropertyOfWrongType = Error(
        "KG0011",
        "A layer's property must be of type Linear",
        "Layer '{0}' must be of type KernelGen.Linear, not '{1}'");

    public static readonly DiagnosticDescriptor PropertyNotGetOnly = Error(
        "KG0012",
        "A layer's property must be an instance property with nothing but 'get;'",
        "Layer '{0}' {1}; declare it as an instance property with nothing but 'get;'");

    public static readonly DiagnosticDescriptor OutsideModel = Error(
        "KG0013",
        "An attribute needs [SparseModel] on the class",
        "[{0}] on '{1}' has no effect, since '{2}' isn't marked [SparseModel]");

    public static readonly DiagnosticDescriptor WithoutLinear = Error(
        "KG0014",
        "An attribute needs [Linear] on the property",
        "[{0}] on '{1}' has no effect, since the property isn't marked [Linear]");

    public static readonly DiagnosticDescriptor TwoPatterns = Error(
        "KG0015",
        "A layer has two sparsity patterns",
        "Layer '{0}' declares two patterns, [{1}] and [{2}]; keep one");

    public static readonly DiagnosticDescriptor SizeBelowOne = Error(
        "KG0016",
        "A size is below 1",
        "Layer '{1}': {0} must be at least 1, not {2}");

    public static readonly DiagnosticDescriptor ShapesDoNotChain = Error(
        "KG0017",
        "The shapes of two layers don't chain",
        "Layer '{0}' takes {1} inputs, but layer '{2}' before it gives {3} outputs");

    public static readonly DiagnosticDescriptor LayerTooLarge = Error(
        "KG0018",
        "A layer has too many weights",
        "Layer '{0}' has {1} x {2} = {3} weights; at most {4} are supported");

    public static readonly DiagnosticDescriptor KeepsMoreThanGroup = Error(
        "KG0019",
        "N:M keeps more weights than a group has",
        "Layer '{0}' keeps {1} of every {2} weights; N can't be above M");

    public static readonly DiagnosticDescriptor SparsityOutOfRange = Error(
        "KG0020",
        "A sparsity is outside [0, 1)",
        "Sparsity {0} of {1} must be at least 0 and below 1");

    public static readonly DiagnosticDescriptor UndefinedEnumValue = Error(
        "KG0021",
        "An enum value is undefined",
        "{0} is no value of {1}");

    public static readonly DiagnosticDescriptor SlopeNotFinite = Error(
        "KG0022",
        "A slope isn't finite",
        "NegativeSlope of layer '{0}' must be a finite number, not {1}");

    public static readonly DiagnosticDescriptor SlopeIgnored = Warning(
        "KG0023",
        "A slope has no effect",
        "NegativeSlope of layer '{0}' has no effect with activation {1}; only LeakyRelu has a slope");

    public static readonly DiagnosticDescriptor FractionOutOfRange = Error(
        "KG0024",
        "A schedule's limit is outside [0, 1]",
        "{0} of {1} must be a fraction of the run from 0 to 1, not {2}");

    public static readonly DiagnosticDescriptor EndsBeforeItBegins = Error(
        "KG0025",
        "A schedule ends before it begins",
        "Pruning of {0} ends at {1}, before it begins at {2}");

    public static readonly DiagnosticDescriptor EveryBelowOne = Error(
        "KG0026",
        "Every is below 1",
        "Every of {0} must be at least 1 optimiser step, not {1}");

    public static readonly DiagnosticDescriptor BudgetNeedsSparsity = Error(
        "KG0027",
        "A budget needs a model-wide sparsity",
        "Budget {0} of {1} needs a model-wide Sparsity above 0");

    public static readonly DiagnosticDescriptor ModelWideOnLayer = Error(
        "KG0028",
        "A setting belongs to the model",
        "{0} on {1} has no effect: it belongs to the model's [Prune]");

    public static readonly DiagnosticDescriptor SparsityIgnored = Warning(
        "KG0029",
        "A model-wide sparsity has no effect",
        "Sparsity of {0} has no effect with Budget.ByHand; set a budget, or Sparsity on each layer's pattern");

    public static readonly DiagnosticDescriptor PrunesNothing = Warning(
        "KG0030",
        "[Prune] prunes nothing here",
        "[Prune] prunes nothing in {0}: {1}");

    public static readonly DiagnosticDescriptor LayerSparsityIgnored = Warning(
        "KG0031",
        "A layer's sparsity has no effect",
        "Sparsity of layer '{0}' has no effect with Budget.{1}, which spreads the model-wide one; remove it, or set Budget.ByHand");

    public static readonly DiagnosticDescriptor StepsMissing = Error(
        "KG0032",
        "Multi-step pruning needs steps",
        "Multi-step pruning of {0} needs Steps: the fractions of the run at which it prunes, such as Steps = new[] {{ 0.2, 0.4, 0.6 }}");

    public static readonly DiagnosticDescriptor StepsNotAscending = Error(
        "KG0033",
        "Steps aren't ascending fractions",
        "Steps of {0} must be ascending fractions of the run from 0 to 1; {1} is not");

    public static readonly DiagnosticDescriptor SettingIgnored = Warning(
        "KG0034",
        "A setting has no effect with its schedule or growth",
        "{0} of {1} has no effect with {2}: {3}; remove it");

    public static readonly DiagnosticDescriptor MinimumOutOfRange = Error(
        "KG0035",
        "A minimum is out of range",
        "{0} of {1} must be at least {2}, not {3}");

    public static readonly DiagnosticDescriptor MinimaAboveTotal = Warning(
        "KG0036",
        "The minima are above what the sparsity leaves",
        "The minima of {0} keep {1} weights, more than the {2} that its Sparsity leaves, so it ends denser; lower a minimum or the Sparsity");

    public static readonly DiagnosticDescriptor GrowthNeedsConstantCount = Error(
        "KG0037",
        "Growth goes with constant pruning alone",
        "{0} is pruned by Schedule.{1}, and [Grow] {2}; set Schedule.Constant, or remove [Grow]");

    public static readonly DiagnosticDescriptor GrowthOutOfRange = Error(
        "KG0038",
        "A setting of [Grow] is outside (0, 1]",
        "{0} of {1} must be above 0 and at most 1, not {2}");

    public static readonly DiagnosticDescriptor GrowsNothing = Warning(
        "KG0039",
        "[Grow] changes nothing here",
        "[Grow] changes nothing in {0}: {1}");

    public static readonly DiagnosticDescriptor NothingToRedistribute = Warning(
        "KG0040",
        "N:M has nothing to redistribute",
        "Growth.Snfs moves weights between layers, but the N:M of layer '{0}' fixes how many it has: they move within its groups alone; give it a [Grow] of its own");

    public static readonly DiagnosticDescriptor UnitOfNM = Error(
        "KG0041",
        "N:M has no whole outputs or inputs to prune",
        "Layer '{0}' can't be pruned by PruningUnit.{1}: N:M keeps as many weights of every group; give it a [Prune] with PruningUnit.Pattern, or another pattern");

    public static readonly DiagnosticDescriptor UnitOfCriterion = Error(
        "KG0042",
        "A criterion can't rank what is pruned at a time",
        "Layer '{0}' can't be pruned by Criterion.{1}: {2}");

    public static readonly DiagnosticDescriptor PrunesTooEarly = Error(
        "KG0043",
        "A criterion needs steps of training before it prunes",
        "Criterion.{0} ranks by the steps of training, and {1} is pruned before the first; {2}");

    public static readonly DiagnosticDescriptor GrowthDoesNotFit = Error(
        "KG0044",
        "A growth method doesn't fit",
        "{0} can't grow by Growth.{1}: {2}");

    public static readonly DiagnosticDescriptor GrowthFollowedByAnother = Error(
        "KG0045",
        "Growth methods of a model don't go together",
        "Layer '{0}' grows by Growth.{1}, which {2} follows, and layer '{3}' by Growth.{4}, which {5} follows; choose methods that the same follows");

    private static DiagnosticDescriptor Error(string id, string title, string message)
        => Rule(id, title, message, DiagnosticSeverity.Error);

    private static DiagnosticDescriptor Warning(string id, string title, string message)
        => Rule(id, title, message, DiagnosticSeverity.Warning);

    private static DiagnosticDescriptor Rule(string id, string title, string message, DiagnosticSeverity severity)
        => new(id, title, message, "KernelGen", severity, isEnabledByDefault: true, helpLinkUri: $"docs/diagnostics/{id}.md");
}
