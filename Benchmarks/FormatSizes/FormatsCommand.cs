using System.Text;
using KernelGen.Benchmarks.Reporting;
using KernelGen.Serialization;

namespace KernelGen.Benchmarks.FormatSizes;

/// <summary>Bytes a nonzero of every format against the entropy bound; nothing is timed.</summary>
internal static class FormatsCommand
{
    /// <param name="output">The folder of formats.md, whose tables are replaced; null prints them.</param>
    public static void Run(DirectoryInfo? output)
    {
        var cases = FormatCase.All().ToList();
        var (disk, memory) = (FormatTables.OnDisk(cases), FormatTables.InMemory(cases));
        if (output is null)
        {
            Console.WriteLine($"On disk: bits a nonzero of the index\n\n{disk}\nIn memory: bytes a nonzero, values included\n\n{memory}");
            return;
        }

        var document = Path.Combine(output.FullName, "formats.md");
        var text = MarkedText.Replace(MarkedText.Replace(File.ReadAllText(document), "disk", disk), "memory", memory);
        AtomicFile.Write(document, stream => stream.Write(Encoding.UTF8.GetBytes(text)));
    }
}
