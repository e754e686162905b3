using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace KernelGen.Gpu.Tests.Ptx;

/// <summary>NVIDIA's assembler: what a kernel takes of a multiprocessor, without a GPU.</summary>
internal static partial class Ptxas
{
    /// <summary>Names the program; otherwise it is looked for on the path.</summary>
    public const string EnvironmentVariable = "KERNELGEN_PTXAS";

    /// <summary>The program, or null where the machine has none.</summary>
    public static string? Path { get; } = Environment.GetEnvironmentVariable(EnvironmentVariable) is { Length: > 0 } named
        ? named
        : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(System.IO.Path.PathSeparator)
            .Select(folder => System.IO.Path.Combine(folder, "ptxas"))
            .FirstOrDefault(File.Exists);

    private static ConcurrentDictionary<(string Name, string Architecture), Resources> Assembled { get; } = new();

    private static ConcurrentDictionary<string, PtxText> Texts { get; } = new();

    /// <summary>The program's release, such as "11.8".</summary>
    public static string Version() => Release().Match(Run("--version").Account).Groups[1].Value;

    /// <summary>Compiles and assembles a kernel; what was assembled is kept.</summary>
    public static Resources Assemble(PtxKernel kernel, string architecture) => Assembled.GetOrAdd(
        (kernel.Name, architecture), key => Assemble(Texts.GetOrAdd(key.Architecture, static name => new PtxText(name)).Of(kernel), key.Architecture));

    private static Resources Assemble(string ptx, string architecture)
    {
        var folder = Directory.CreateTempSubdirectory("kernelgen-ptx");
        try
        {
            var source = System.IO.Path.Combine(folder.FullName, "kernel.ptx");
            File.WriteAllText(source, ptx);
            var (code, account) = Run("-v", $"-arch={architecture}", source, "-o", System.IO.Path.Combine(folder.FullName, "kernel.cubin"));
            return code == 0
                ? new Resources(Number(Registers(), account), Number(Shared(), account), Number(SpillStores(), account) + Number(SpillLoads(), account))
                : throw new InvalidOperationException($"ptxas refuses a kernel for {architecture}:\n{account}");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static (int Code, string Account) Run(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(Path!, arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        var output = process.StandardOutput.ReadToEndAsync();
        var account = process.StandardError.ReadToEnd() + output.Result;
        process.WaitForExit();
        return (process.ExitCode, account);
    }

    private static int Number(Regex pattern, string account)
        => pattern.Match(account) is { Success: true } match ? int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) : 0;

    [GeneratedRegex(@"release (\d+\.\d+)")]
    private static partial Regex Release();

    [GeneratedRegex(@"Used (\d+) registers")]
    private static partial Regex Registers();

    [GeneratedRegex(@"(\d+) bytes smem")]
    private static partial Regex Shared();

    [GeneratedRegex(@"(\d+) bytes spill stores")]
    private static partial Regex SpillStores();

    [GeneratedRegex(@"(\d+) bytes spill loads")]
    private static partial Regex SpillLoads();

    /// <summary>What a kernel takes.</summary>
    /// <param name="Registers">Of a thread.</param>
    /// <param name="SharedBytes">Of a group.</param>
    /// <param name="SpilledBytes">Stored and loaded for want of registers.</param>
    internal sealed record Resources(int Registers, int SharedBytes, int SpilledBytes);
}
