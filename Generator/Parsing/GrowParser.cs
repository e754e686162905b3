using System.Linq;
using KernelGen.Generator.Diagnostics;
using KernelGen.Generator.Model;

namespace KernelGen.Generator.Parsing;

/// <summary>Reads [Grow] on a model or on a layer.</summary>
internal static class GrowParser
{
    public static GrowSpec? Parse(AttributeReader attribute, string owner, Problems problems)
    {
        if (attribute.IsBroken)
        {
            problems.LeaveToCompiler();
            return null;
        }

        var growth = EnumReader.Read<Growth>(attribute.Positional<int>(0), attribute.LocationOf(0), problems);
        var defaults = new GrowAttribute(growth);
        if (growth is Growth.AcDc or Growth.TopKast or Growth.SRSte)
        {
            return WithoutSettings(attribute, defaults, owner, problems);
        }

        var every = attribute.Named(nameof(defaults.Every), defaults.Every);
        if (every < 1)
        {
            problems.Report(Rules.EveryBelowOne, attribute.LocationOf(nameof(defaults.Every)), owner, every);
        }

        return new GrowSpec(
            growth,
            AboveZero(attribute, nameof(defaults.Share), defaults.Share, owner, problems),
            every,
            AboveZero(attribute, nameof(defaults.End), defaults.End, owner, problems));
    }

    private static GrowSpec WithoutSettings(AttributeReader attribute, GrowAttribute defaults, string owner, Problems problems)
    {
        var reason = defaults.Growth == Growth.AcDc ? "its phases are those of an Alternation" : "it chooses at each forward pass";
        foreach (var name in new[] { nameof(defaults.Share), nameof(defaults.Every), nameof(defaults.End) }.Where(attribute.Sets))
        {
            problems.Report(Rules.SettingIgnored, attribute.LocationOf(name), name, owner, $"Growth.{defaults.Growth}", reason);
        }

        return new GrowSpec(defaults.Growth, defaults.Share, defaults.Every, defaults.End);
    }

    private static double AboveZero(AttributeReader attribute, string name, double otherwise, string owner, Problems problems)
    {
        var value = attribute.Number(name, otherwise);
        if (!(value > 0 && value <= 1))
        {
            problems.Report(Rules.GrowthOutOfRange, attribute.LocationOf(name), name, owner, Shown.Of(value));
        }

        return value;
    }
}
