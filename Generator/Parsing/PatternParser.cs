using KernelGen.Generator.Diagnostics;
using KernelGen.Generator.Model;

namespace KernelGen.Generator.Parsing;

/// <summary>Reads [Unstructured], [NM] and [Block].</summary>
internal static class PatternParser
{
    public static SparsitySpec Parse(AttributeReader attribute, string layer, Problems problems)
    {
        if (attribute.IsBroken)
        {
            problems.LeaveToCompiler();
            return new DenseSpec();
        }

        return attribute.ClassName switch
        {
            AttributeNames.NM => NM(attribute, layer, problems),
            AttributeNames.Block => Block(attribute, layer, problems),
            _ => new UnstructuredSpec(Sparsity(attribute, $"layer '{layer}'", problems)),
        };
    }

    /// <summary>Reads a sparsity in [0, 1).</summary>
    public static double Sparsity(AttributeReader attribute, string owner, Problems problems)
    {
        var sparsity = attribute.Number("Sparsity", 0d);
        if (!(sparsity >= 0 && sparsity < 1))
        {
            problems.Report(Rules.SparsityOutOfRange, attribute.LocationOf("Sparsity"), Shown.Of(sparsity), owner);
        }

        return sparsity;
    }

    /// <summary>Reads a size of at least 1 from the constructor's arguments.</summary>
    public static int Size(AttributeReader attribute, int index, string what, string layer, Problems problems)
    {
        var size = attribute.Positional<int>(index);
        if (size < 1)
        {
            problems.Report(Rules.SizeBelowOne, attribute.LocationOf(index), what, layer, size);
        }

        return size;
    }

    private static NMSpec NM(AttributeReader attribute, string layer, Problems problems)
    {
        var n = Size(attribute, 0, "N", layer, problems);
        var m = Size(attribute, 1, "M", layer, problems);
        if (m >= 1 && n > m)
        {
            problems.Report(Rules.KeepsMoreThanGroup, attribute.LocationOf(0), layer, n, m);
        }

        return new NMSpec(n, m);
    }

    private static BlockSpec Block(AttributeReader attribute, string layer, Problems problems)
        => new(
            Size(attribute, 0, "rows of a block", layer, problems),
            Size(attribute, 1, "columns of a block", layer, problems),
            Sparsity(attribute, $"layer '{layer}'", problems));
}
