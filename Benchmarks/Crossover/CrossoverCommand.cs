using System.Globalization;
using KernelGen.Dispatch;
using KernelGen.Formats;
using Spectre.Console;

namespace KernelGen.Benchmarks.Crossover;

/// <summary>
/// How a layer's sparse kernels compare with its dense ones over the density: the figures behind the crossovers in the generator's
/// variant table.
/// </summary>
internal static class CrossoverCommand
{
    private static readonly double[] Densities = [0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1];

    public static void Run()
    {
        foreach (var set in Enum.GetValues<InstructionSet>().Where(Isa.IsSupported))
        {
            var table = new Table().Title($"{set}: time of dense / time of sparse").AddColumn("kernel");
            foreach (var density in Densities)
            {
                table.AddColumn(density.ToString("0.##", CultureInfo.InvariantCulture));
            }

            Rows<UnstructuredLayer>(table, set);
            Rows<NM1Of4Layer>(table, set);
            Rows<NM2Of4Layer>(table, set);
            Rows<NM3Of4Layer>(table, set);
            Rows<Block16X1Layer>(table, set);
            Rows<Block4X4Layer>(table, set);
            Rows<Block1X8Layer>(table, set);
            AnsiConsole.Write(table);
        }
    }

    private static void Rows<TModel>(Table table, InstructionSet set)
        where TModel : ISparseModel, new()
    {
        var layer = new TModel().Layers[0];
        Row(table, layer, layer.SparseKernels!.Panel.First(k => k.InstructionSet == set), layer.DenseKernels.Panel.First(k => k.InstructionSet == set));
        Row(table, layer, layer.SparseKernels!.Vector.First(k => k.InstructionSet == set), layer.DenseKernels.Vector.First(k => k.InstructionSet == set));
    }

    private static void Row(Table table, Linear layer, Kernel sparse, Kernel dense)
    {
        var cells = new List<string> { sparse.Name };
        var densities = layer.Descriptor.Pattern is NMPattern p ? [(double)p.N / p.M] : Densities;
        var full = new KernelHarness(layer, dense, RandomWeights.Of(layer, 1));
        foreach (var density in Densities)
        {
            var measured = densities.Any(d => Math.Abs(d - density) < 0.051 && (densities.Length > 1 ? d == density : d <= density));
            var ratio = measured ? PairedTimer.Ratio(full.Run, new KernelHarness(layer, sparse, RandomWeights.Of(layer, density)).Run) : double.NaN;
            cells.Add(measured ? ratio.ToString("0.00", CultureInfo.InvariantCulture) : "");
        }

        table.AddRow([.. cells]);
    }
}
