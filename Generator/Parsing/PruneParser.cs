using KernelGen.Generator.Diagnostics;
using KernelGen.Generator.Model;

namespace KernelGen.Generator.Parsing;

/// <summary>Reads [Prune] on a model or on a layer.</summary>
internal static class PruneParser
{
    private static readonly string[] ModelWide =
    [
        nameof(PruneAttribute.Budget),
        nameof(PruneAttribute.Sparsity),
        nameof(PruneAttribute.MinimumPerLayer),
        nameof(PruneAttribute.MinimumPerOutput),
    ];

    public static PruneSpec? Parse(AttributeReader attribute, string owner, bool isModel, Problems problems)
    {
        if (attribute.IsBroken)
        {
            problems.LeaveToCompiler();
            return null;
        }

        var criterion = EnumReader.Read<Criterion>(attribute.Positional<int>(0), attribute.LocationOf(0), problems);
        var schedule = EnumReader.Read<Schedule>(attribute.Positional<int>(1), attribute.LocationOf(1), problems);
        var defaults = new PruneAttribute(criterion, schedule);
        var begin = Fraction(attribute, nameof(defaults.Begin), defaults.Begin, owner, problems);
        var end = Fraction(attribute, nameof(defaults.End), defaults.End, owner, problems);
        if (begin is >= 0 and <= 1 && end >= 0 && end < begin)
        {
            var last = attribute.Sets(nameof(defaults.End)) ? nameof(defaults.End) : nameof(defaults.Begin);
            problems.Report(Rules.EndsBeforeItBegins, attribute.LocationOf(last), owner, Shown.Of(end), Shown.Of(begin));
        }

        var steps = ScheduleRules.Steps(attribute, schedule, owner, problems);
        var every = attribute.Named(nameof(defaults.Every), defaults.Every);
        if (every < 1)
        {
            problems.Report(Rules.EveryBelowOne, attribute.LocationOf(nameof(defaults.Every)), owner, every);
        }

        var unit = EnumReader.Read<PruningUnit>(
            attribute.Named(nameof(defaults.Unit), (int)defaults.Unit), attribute.LocationOf(nameof(defaults.Unit)), problems);
        var spec = new PruneSpec(
            criterion, schedule, begin, end, every, defaults.Budget, defaults.Sparsity,
            steps, defaults.MinimumPerLayer, defaults.MinimumPerOutput, unit);
        ScheduleRules.CheckFirst(attribute, spec, owner, problems);
        return isModel ? WithBudget(spec, attribute, owner, problems) : WithoutBudget(spec, attribute, owner, problems);
    }

    private static double Fraction(AttributeReader attribute, string name, double otherwise, string owner, Problems problems)
    {
        var value = attribute.Number(name, otherwise);
        if (!(value >= 0 && value <= 1))
        {
            problems.Report(Rules.FractionOutOfRange, attribute.LocationOf(name), name, owner, Shown.Of(value));
        }

        return value;
    }

    private static PruneSpec WithBudget(PruneSpec spec, AttributeReader attribute, string owner, Problems problems)
    {
        const string Budget = nameof(PruneAttribute.Budget);
        const string Sparsity = nameof(PruneAttribute.Sparsity);
        var budget = EnumReader.Read<Budget>(
            attribute.Named(Budget, (int)spec.Budget), attribute.LocationOf(Budget), problems);
        var sparsity = PatternParser.Sparsity(attribute, owner, problems);
        if (budget == KernelGen.Budget.ByHand && attribute.Sets(Sparsity))
        {
            problems.Report(Rules.SparsityIgnored, attribute.LocationOf(Sparsity), owner);
        }
        else if (budget != KernelGen.Budget.ByHand && sparsity == 0)
        {
            var token = attribute.Sets(Sparsity) ? Sparsity : Budget;
            problems.Report(Rules.BudgetNeedsSparsity, attribute.LocationOf(token), budget, owner);
        }

        return spec with
        {
            Budget = budget,
            Sparsity = sparsity,
            MinimumPerLayer = AtLeast(1, nameof(PruneAttribute.MinimumPerLayer), spec.MinimumPerLayer, attribute, owner, problems),
            MinimumPerOutput = AtLeast(0, nameof(PruneAttribute.MinimumPerOutput), spec.MinimumPerOutput, attribute, owner, problems),
        };
    }

    private static int AtLeast(int least, string name, int otherwise, AttributeReader attribute, string owner, Problems problems)
    {
        var value = attribute.Named(name, otherwise);
        if (value < least)
        {
            problems.Report(Rules.MinimumOutOfRange, attribute.LocationOf(name), name, owner, least, value);
        }

        return value;
    }

    private static PruneSpec WithoutBudget(PruneSpec spec, AttributeReader attribute, string owner, Problems problems)
    {
        foreach (var name in ModelWide)
        {
            if (attribute.Sets(name))
            {
                problems.Report(Rules.ModelWideOnLayer, attribute.LocationOf(name), name, owner);
            }
        }

        return spec;
    }
}
