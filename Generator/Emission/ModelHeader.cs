using System;
using System.Collections.Generic;
using System.Linq;
using KernelGen.Generator.Model;
using KernelGen.Generator.Planning;
using KernelGen.Generator.Text;

namespace KernelGen.Generator.Emission;

/// <summary>The comment on top of a model's file: its layers at a glance.</summary>
internal static class ModelHeader
{
    private static readonly string[] Titles = ["layer", "out x in", "pattern", "activation", "kernels"];

    public static void Write(SourceWriter writer, ModelSpec model)
    {
        if (model.Stub is not null)
        {
            writer.Line($"// {model.Name} has errors: these members only keep the compiler quiet until they are mended.");
            return;
        }

        writer.Line($"// Model {model.Name}: its layers, in the order they run.").Line("//");
        var rows = new[] { Titles }.Concat(model.Layers.Select(Row)).ToList();
        var widths = Titles.Select((_, column) => rows.Max(row => row[column].Length)).ToList();
        foreach (var row in rows)
        {
            var cells = row.Select((cell, column) => cell.PadRight(widths[column]));
            writer.Line($"//   {string.Join("  ", cells)}".TrimEnd());
        }

        writer.Line("//");
    }

    private static string[] Row(LayerSpec layer)
    {
        var plan = LayerPlan.Of(layer);
        return
        [
            layer.Name,
            $"{Literal.Of(layer.OutFeatures)} x {Literal.Of(layer.InFeatures)}",
            Pattern(layer.Pattern),
            layer.Activation == Activation.LeakyRelu
                ? $"LeakyRelu({Number(Literal.Of(layer.NegativeSlope))})"
                : layer.Activation.ToString(),
            (plan.Sparse ?? plan.Dense).ClassName,
        ];
    }

    private static string Pattern(SparsitySpec pattern) => pattern switch
    {
        DenseSpec => "dense",
        UnstructuredSpec p => $"unstructured, sparsity {Number(Literal.Of(p.Target))}",
        NMSpec p => $"keep {Literal.Of(p.N)} of {Literal.Of(p.M)}",
        BlockSpec p => $"blocks {Literal.Of(p.Rows)} x {Literal.Of(p.Columns)}, sparsity {Number(Literal.Of(p.Target))}",
        _ => throw new InvalidOperationException($"No words for {pattern}."),
    };

    private static string Number(string literal) => literal.TrimEnd('d', 'f');
}
