using System.Globalization;
using KernelGen.Benchmarks.Timing;
using KernelGen.Benchmarks.Weights;
using KernelGen.Dispatch;
using Spectre.Console;

namespace KernelGen.Benchmarks.Crossover;

/// <summary>
/// How a layer's sparse kernels compare with its dense ones over the density: the figures behind the crossovers in the generator's
/// variant table.
/// </summary>
internal static class CrossoverCommand
{
    private const int Rounds = 21;

    private static readonly double[] Densities = [0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1];

    public static void Run()
    {
        AnsiConsole.Profile.Width = 220;
        foreach (var set in Enum.GetValues<InstructionSet>().Where(Isa.IsSupported))
        {
            var table = new Table().Title($"{set}: time of dense / time of sparse").AddColumns("kernel", "density: ratio");
            Rows<UnstructuredLayer>(table, set);
            Rows<NM1Of4Layer>(table, set);
            Rows<NM2Of4Layer>(table, set);
            Rows<NM3Of4Layer>(table, set);
            Rows<Block16X1Layer>(table, set);
            Rows<Block8X8Layer>(table, set);
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
        var full = new KernelHarness(layer, dense, RandomWeights.Of(layer, 1));
        double[] densities = layer.Descriptor.Pattern is NMPattern p ? [(double)p.N / p.M] : Densities;
        var cells = densities.Select(density => Cell(density, full, new KernelHarness(layer, sparse, RandomWeights.Of(layer, density))));
        table.AddRow(sparse.Name, string.Join("  ", cells));
    }

    private static string Cell(double density, KernelHarness dense, KernelHarness sparse)
    {
        var seconds = RoundRobin.Measure([dense.Run, sparse.Run], Rounds);
        return string.Create(CultureInfo.InvariantCulture, $"{density:0.00}: {RoundRobin.Ratio(seconds[0], seconds[1]):0.00}");
    }
}
