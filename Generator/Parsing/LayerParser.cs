using System.Collections.Generic;
using System.Linq;
using System.Threading;
using KernelGen.Generator.Diagnostics;
using KernelGen.Generator.Model;
using Microsoft.CodeAnalysis;

namespace KernelGen.Generator.Parsing;

/// <summary>Reads a property and its attributes as a layer.</summary>
internal static class LayerParser
{
    /// <summary>Array.MaxLength: the dense weights of a layer stand in one array.</summary>
    private const long MaxWeights = 2_147_483_591;

    /// <summary>Whether the property is marked [Linear].</summary>
    public static bool IsLayer(IPropertySymbol property)
        => property.GetAttributes().Any(attribute => AttributeNames.Of(attribute) == AttributeNames.Linear);

    /// <summary>Reads a property; null where it isn't a layer.</summary>
    public static ParsedLayer? Parse(IPropertySymbol property, Problems problems, CancellationToken cancellation)
    {
        var attributes = AttributeReader.AllOf(property, cancellation);
        if (!IsLayer(property))
        {
            StrayAttributes.ReportWithoutLinear(property, attributes, problems);
            return null;
        }

        LayerPropertyRules.Check(property, problems, cancellation);
        var linear = attributes.First(attribute => attribute.ClassName == AttributeNames.Linear);
        var patterns = attributes.Where(attribute => AttributeNames.IsPattern(attribute.ClassName)).ToList();
        foreach (var second in patterns.Skip(1))
        {
            problems.Report(Rules.TwoPatterns, second.Location, property.Name, patterns[0].ShortName, second.ShortName);
        }

        var pattern = patterns.Count == 0 ? new DenseSpec() : PatternParser.Parse(patterns[0], property.Name, problems);
        var prune = attributes.Where(attribute => attribute.ClassName == AttributeNames.Prune)
            .Select(attribute => PruneParser.Parse(attribute, $"layer '{property.Name}'", isModel: false, problems))
            .FirstOrDefault();
        var grow = attributes.Where(attribute => attribute.ClassName == AttributeNames.Grow)
            .Select(attribute => GrowParser.Parse(attribute, $"layer '{property.Name}'", problems))
            .FirstOrDefault();
        return Layer(property, linear, pattern, prune, grow, problems, cancellation);
    }

    /// <summary>Checks that each layer takes what the one before gives.</summary>
    public static void CheckChain(IReadOnlyList<ParsedLayer> layers, Problems problems)
    {
        for (var i = 1; i < layers.Count; i++)
        {
            var (before, after) = (layers[i - 1].Spec, layers[i].Spec);
            if (before.OutFeatures >= 1 && after.InFeatures >= 1 && before.OutFeatures != after.InFeatures)
            {
                problems.Report(
                    Rules.ShapesDoNotChain,
                    layers[i].InFeaturesLocation,
                    after.Name, after.InFeatures, before.Name, before.OutFeatures);
            }
        }
    }

    private static ParsedLayer? Layer(
        IPropertySymbol property,
        AttributeReader linear,
        SparsitySpec pattern,
        PruneSpec? prune,
        GrowSpec? grow,
        Problems problems,
        CancellationToken cancellation)
    {
        if (linear.IsBroken)
        {
            problems.LeaveToCompiler();
            return null;
        }

        var name = property.Name;
        var inputs = PatternParser.Size(linear, 0, "inFeatures", name, problems);
        var outputs = PatternParser.Size(linear, 1, "outFeatures", name, problems);
        if (inputs >= 1 && outputs >= 1 && (long)inputs * outputs > MaxWeights)
        {
            problems.Report(Rules.LayerTooLarge, linear.Location, name, outputs, inputs, (long)inputs * outputs, MaxWeights);
        }

        var defaults = new LinearAttribute(inputs, outputs);
        var activation = EnumReader.Read<Activation>(
            linear.Named(nameof(defaults.Activation), (int)defaults.Activation),
            linear.LocationOf(nameof(defaults.Activation)),
            problems);
        var spec = new LayerSpec(
            name,
            DeclarationText.Modifiers(property, cancellation),
            inputs,
            outputs,
            linear.Named(nameof(defaults.Bias), defaults.Bias),
            activation,
            Slope(linear, activation, name, problems),
            pattern,
            prune,
            grow);
        return new ParsedLayer(spec, property, linear.LocationOf(0));
    }

    private static float Slope(AttributeReader linear, Activation activation, string name, Problems problems)
    {
        const string Slope = nameof(LinearAttribute.NegativeSlope);
        var slope = linear.Number(Slope, new LinearAttribute(1, 1).NegativeSlope);
        if (float.IsNaN(slope) || float.IsInfinity(slope))
        {
            problems.Report(Rules.SlopeNotFinite, linear.LocationOf(Slope), name, Shown.Of(slope));
        }
        else if (linear.Sets(Slope) && activation != Activation.LeakyRelu)
        {
            problems.Report(Rules.SlopeIgnored, linear.LocationOf(Slope), name, activation);
        }

        return slope;
    }
}
