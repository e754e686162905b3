using KernelGen.Benchmarks.Reporting;
using KernelGen.Formats;
using static KernelGen.Benchmarks.Reporting.Figures;

namespace KernelGen.Benchmarks.FormatSizes;

/// <summary>What the formats take, as Markdown.</summary>
internal static class FormatTables
{
    private static readonly string[] Plain = ["bitmap", "coo", "csr", "delta", "rice"];

    /// <summary>Index formats of files: bits a nonzero.</summary>
    public static string OnDisk(IEnumerable<FormatCase> cases)
    {
        var table = new MarkdownTable(
            ["pattern", "density", "bound", .. Plain, "the pattern's own", "chosen", "over the bound", "bytes a nonzero with values"]);
        foreach (var @case in cases)
        {
            var formats = @case.OnDisk();
            var chosen = @case.Chosen();
            string Bits(Func<string, bool> isWanted)
                => Number(formats.Where(format => isWanted(format.Name.Split(' ')[0])).Select(format => format.Bits).FirstOrDefault(double.NaN));
            table.Add(
            [
                @case.Pattern.ToString()!, Number(@case.Density, "0.###"), Number(@case.Bound), .. Plain.Select(name => Bits(other => other == name)),
                Bits(other => !Plain.Contains(other)), $"`{chosen.Name}`", Percent((chosen.Bits / @case.Bound) - 1),
                Number(sizeof(float) + (chosen.Bits / 8)),
            ]);
        }

        return table.ToString();
    }

    /// <summary>Packs of AVX-512 kernels: bytes a nonzero.</summary>
    public static string InMemory(IEnumerable<FormatCase> cases)
    {
        var table = new MarkdownTable(
            "pattern", "density", "bound", "file", "CSR, 32-bit columns", "CSR, 16-bit", "CSR, 8-bit in blocks", "pairs of rows", "windows", "groups", "BCSR");
        foreach (var @case in cases)
        {
            var packs = @case.InMemory();
            string Bytes<TFormat>() => Number(packs.Where(pack => pack.Format is TFormat).Select(pack => pack.Bytes).FirstOrDefault(double.NaN));
            table.Add(
                @case.Pattern.ToString()!, Number(@case.Density, "0.###"), Number(sizeof(float) + (@case.Bound / 8)),
                Number(sizeof(float) + (@case.Chosen().Bits / 8)),
                Number(Csr(@case, columnBytes: 4, blockColumns: @case.Layer.InFeatures, countBytes: 4)),
                Number(Csr(@case, columnBytes: 2, blockColumns: @case.Layer.InFeatures, countBytes: 4)),
                Number(Csr(@case, columnBytes: 1, blockColumns: 256, countBytes: 2)),
                Bytes<PanelCsrFormat>(), Bytes<WindowFormat>(), Bytes<GroupFormat>(), Bytes<BlockFormat>());
        }

        return table.ToString();
    }

    /// <summary>Bytes a nonzero of CSR as others write it, which no kernel here reads: a column each, and a count for each row and block.</summary>
    private static double Csr(FormatCase @case, int columnBytes, int blockColumns, int countBytes)
    {
        var blocks = (double)@case.Layer.OutFeatures * (@case.Layer.InFeatures / blockColumns);
        return sizeof(float) + columnBytes + (blocks * countBytes / @case.Nonzeros);
    }
}
