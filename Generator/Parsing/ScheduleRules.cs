using System.Collections.Generic;
using KernelGen.Generator.Diagnostics;
using KernelGen.Generator.Model;

namespace KernelGen.Generator.Parsing;

/// <summary>Which settings of [Prune] a schedule has.</summary>
internal static class ScheduleRules
{
    /// <summary>Reads the steps of a multi-step schedule, and reports settings that the schedule passes over.</summary>
    public static EquatableArray<double> Steps(AttributeReader attribute, Schedule schedule, string owner, Problems problems)
    {
        foreach (var (name, reason) in Ignored(schedule))
        {
            if (attribute.Sets(name))
            {
                problems.Report(Rules.SettingIgnored, attribute.LocationOf(name), name, owner, $"Schedule.{schedule}", reason);
            }
        }

        var steps = attribute.Numbers(nameof(PruneAttribute.Steps));
        if (schedule != Schedule.MultiStep)
        {
            return EquatableArray<double>.Empty;
        }

        if (steps.Count == 0)
        {
            var location = attribute.Sets(nameof(PruneAttribute.Steps))
                ? attribute.LocationOf(nameof(PruneAttribute.Steps))
                : attribute.LocationOf(1);
            problems.Report(Rules.StepsMissing, location, owner);
        }

        for (var i = 0; i < steps.Count; i++)
        {
            if (!(steps[i] >= 0 && steps[i] <= 1) || (i > 0 && !(steps[i] > steps[i - 1])))
            {
                problems.Report(
                    Rules.StepsNotAscending, attribute.LocationOf(nameof(PruneAttribute.Steps)), owner, Shown.Of(steps[i]));
                break;
            }
        }

        return steps.ToEquatableArray();
    }

    /// <summary>Reports a criterion that ranks by the steps of training where the schedule prunes before the first of them.</summary>
    public static void CheckFirst(AttributeReader attribute, PruneSpec spec, string owner, Problems problems)
    {
        if (spec.Criterion is Criterion.FirstOrder or Criterion.Movement && AtTheBeginning(spec) is var (setting, remedy))
        {
            var location = setting is not null && attribute.Sets(setting) ? attribute.LocationOf(setting) : attribute.LocationOf(1);
            problems.Report(Rules.PrunesTooEarly, location, spec.Criterion, owner, remedy);
        }
    }

    /// <summary>The setting by which a schedule prunes before the first step, and what to do; null for one that doesn't.</summary>
    private static (string? Setting, string Remedy)? AtTheBeginning(PruneSpec spec) => spec.Schedule switch
    {
        Schedule.Constant => (null, "choose another schedule"),
        Schedule.OneShot => spec.Begin == 0 ? (nameof(PruneAttribute.Begin), "set Begin above 0") : null,
        Schedule.MultiStep => spec.Steps.Count > 0 && spec.Steps[0] == 0 ? (nameof(PruneAttribute.Steps), "let Steps begin above 0") : null,
        _ => spec.End == 0 ? (nameof(PruneAttribute.End), "set End above 0") : null,
    };

    private static IEnumerable<(string Name, string Reason)> Ignored(Schedule schedule)
    {
        const string Begin = nameof(PruneAttribute.Begin);
        const string End = nameof(PruneAttribute.End);
        const string Every = nameof(PruneAttribute.Every);
        const string Steps = nameof(PruneAttribute.Steps);
        const string AtItsSteps = "it prunes at its Steps";
        const string Once = "it prunes once, at Begin";
        const string AtOnce = "it prunes before the first step";
        const string NoSteps = "only MultiStep has them";
        return schedule switch
        {
            Schedule.MultiStep => [(Begin, AtItsSteps), (End, AtItsSteps), (Every, AtItsSteps)],
            Schedule.OneShot => [(End, Once), (Every, Once), (Steps, NoSteps)],
            Schedule.Constant => [(Begin, AtOnce), (End, AtOnce), (Every, AtOnce), (Steps, NoSteps)],
            _ => [(Steps, NoSteps)],
        };
    }
}
