using System;
using System.Linq;
using KernelGen.Generator.Model;
using KernelGen.Generator.Text;

namespace KernelGen.Generator.Emission;

/// <summary>The model as data.</summary>
internal static class DescriptorEmitter
{
    public static void Write(SourceWriter writer, ModelSpec model)
    {
        writer.Line("// A class of its own, initialised when first used: a static field of the model's may create a model.");
        writer.Line(Names.GeneratedCode);
        writer.Open("private static class KernelGenDescriptor");
        writer.Line($"public static readonly {Names.ModelDescriptor} Value = new(").Indent();
        writer.Line($"\"{model.Name}\",");
        writer.Line("[").Indent();
        foreach (var layer in model.Layers)
        {
            Layer(writer, layer);
        }

        writer.Outdent().Line(model.Prune is null && model.Grow is null ? "]);" : "],");
        Settings(writer, model.Prune, model.Grow, ");");
        writer.Outdent().Close();
    }

    private static void Layer(SourceWriter writer, LayerSpec layer)
    {
        writer.Line($"new {Names.LayerDescriptor}(").Indent();
        writer.Line($"\"{layer.Name}\", InFeatures: {Literal.Of(layer.InFeatures)}, OutFeatures: {Literal.Of(layer.OutFeatures)}, "
            + $"Bias: {Literal.Of(layer.Bias)},");
        writer.Line($"global::KernelGen.Activation.{layer.Activation}, NegativeSlope: {Literal.Of(layer.NegativeSlope)},");
        writer.Line(Pattern(layer.Pattern) + (layer.Prune is null && layer.Grow is null ? ")," : ","));
        Settings(writer, layer.Prune, layer.Grow, "),");
        writer.Outdent();
    }

    private static string Pattern(SparsitySpec pattern) => pattern switch
    {
        DenseSpec => "new global::KernelGen.DensePattern()",
        UnstructuredSpec p => $"new global::KernelGen.UnstructuredPattern({Literal.Of(p.Target)})",
        NMSpec p => $"new global::KernelGen.NMPattern({Literal.Of(p.N)}, {Literal.Of(p.M)})",
        BlockSpec p => $"new global::KernelGen.BlockPattern({Literal.Of(p.Rows)}, {Literal.Of(p.Columns)}, {Literal.Of(p.Target)})",
        _ => throw new InvalidOperationException($"No pattern for {pattern}."),
    };

    /// <summary>The arguments that come last, if there are any.</summary>
    private static void Settings(SourceWriter writer, PruneSpec? prune, GrowSpec? grow, string end)
    {
        if (prune is not null)
        {
            Prune(writer, prune, grow is null ? end : ",");
        }

        if (grow is not null)
        {
            writer.Line($"Grow: new global::KernelGen.GrowSettings(global::KernelGen.Growth.{grow.Growth}, Share: {Literal.Of(grow.Share)}, "
                + $"Every: {Literal.Of(grow.Every)}, End: {Literal.Of(grow.End)}){end}");
        }
    }

    private static void Prune(SourceWriter writer, PruneSpec prune, string end)
    {
        writer.Line("new global::KernelGen.PruneSettings(").Indent();
        writer.Line($"global::KernelGen.Criterion.{prune.Criterion}, global::KernelGen.Schedule.{prune.Schedule},");
        writer.Line($"Begin: {Literal.Of(prune.Begin)}, End: {Literal.Of(prune.End)}, Every: {Literal.Of(prune.Every)},");
        writer.Line($"global::KernelGen.Budget.{prune.Budget}, Sparsity: {Literal.Of(prune.Sparsity)}{Steps(prune)}{Minima(prune)}{Unit(prune)}){end}").Outdent();
    }

    private static string Steps(PruneSpec prune)
        => prune.Steps.Count == 0 ? "" : $", Steps: [{string.Join(", ", prune.Steps.Select(Literal.Of))}]";

    private static string Unit(PruneSpec prune)
        => prune.Unit == PruningUnit.Pattern ? "" : $", Unit: global::KernelGen.PruningUnit.{prune.Unit}";

    private static string Minima(PruneSpec prune)
        => prune is { MinimumPerLayer: 1, MinimumPerOutput: 0 }
            ? ""
            : $", MinimumPerLayer: {Literal.Of(prune.MinimumPerLayer)}, MinimumPerOutput: {Literal.Of(prune.MinimumPerOutput)}";
}
