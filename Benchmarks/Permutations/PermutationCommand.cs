using System.Diagnostics;
using System.Globalization;
using KernelGen.Benchmarks.Reporting;
using KernelGen.Pruning;
using KernelGen.Serialization;

namespace KernelGen.Benchmarks.Permutations;

/// <summary>How much magnitude N:M pruning keeps, with the inputs as they are numbered and in the best order found.</summary>
internal static class PermutationCommand
{
    private static readonly (int N, int M)[] Patterns = [(1, 2), (2, 4), (4, 8), (1, 4), (2, 8), (1, 8), (1, 16)];

    /// <param name="file">Dense weights; null for random ones.</param>
    /// <param name="escapes">Attempts to escape from a local optimum.</param>
    public static void Run(FileInfo? file, int escapes)
    {
        var table = new MarkdownTable("weights", "pattern", "as numbered", "local optimum", "permuted", "bound", "seconds");
        foreach (var (name, rows, columns, scores) in file is null ? Normal() : Read(file))
        {
            foreach (var (n, m) in Patterns.Where(pattern => pattern.M <= columns))
            {
                var local = NMPermutation.Find(scores, columns, n, m, new PermutationSearch { Escapes = 0 });
                var clock = Stopwatch.StartNew();
                var order = NMPermutation.Find(scores, columns, n, m, new PermutationSearch { Escapes = escapes });
                var seconds = clock.Elapsed.TotalSeconds;
                var all = scores.Sum(score => (double)score);
                string Part(double kept) => (100 * kept / all).ToString("0.00", CultureInfo.InvariantCulture) + "%";
                table.Add(
                    $"{name}, {rows} x {columns}",
                    $"{n}:{m}",
                    Part(NMPermutation.Kept(scores, columns, n, m)),
                    Part(NMPermutation.Kept(scores, columns, n, m, local)),
                    Part(NMPermutation.Kept(scores, columns, n, m, order)),
                    Part(Bound(scores, columns, n, m)),
                    seconds.ToString("0.0", CultureInfo.InvariantCulture));
                Console.Error.WriteLine($"{name} {n}:{m}");
            }
        }

        Console.WriteLine(table);
    }

    private static IEnumerable<(string Name, int Rows, int Columns, float[] Scores)> Normal()
    {
        var random = new Random(1);
        foreach (var (rows, columns) in new[] { (128, 256), (300, 784), (512, 512) })
        {
            yield return ("normal", rows, columns, [.. Enumerable.Range(0, rows * columns).Select(_ => (float)Math.Abs(Gaussian(random)))]);
        }
    }

    private static double Gaussian(Random random)
        => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    private static IEnumerable<(string Name, int Rows, int Columns, float[] Scores)> Read(FileInfo file)
    {
        using var stream = file.OpenRead();
        var reader = new SafetensorsReader(stream);
        foreach (var tensor in reader.Header.Tensors)
        {
            if (tensor.Shape is [var rows, var columns] && tensor.Name.EndsWith(".weight", StringComparison.Ordinal))
            {
                yield return (tensor.Name, (int)rows, (int)columns, Array.ConvertAll(reader.ReadFloats(tensor), Math.Abs));
            }
            else
            {
                reader.Skip(tensor);
            }
        }
    }

    /// <summary>What no order can exceed: each row keeps its highest scores, as many as all its groups keep together.</summary>
    private static double Bound(float[] scores, int columns, int n, int m)
    {
        var kept = (columns / m * n) + Math.Min(n, columns % m);
        return scores.Chunk(columns).Sum(row => row.OrderDescending().Take(kept).Sum(score => (double)score));
    }
}
