using System.Runtime.InteropServices;

namespace KernelGen.Benchmarks.Machine;

/// <summary>Where results were measured: results of two machines, or of two instruction sets, don't belong into one table.</summary>
/// <param name="Processor">The model's name, as Linux tells.</param>
/// <param name="Processors">Logical processors.</param>
/// <param name="System">The operating system.</param>
/// <param name="Runtime">The .NET runtime.</param>
/// <param name="Isa">The instruction set that the kernels use.</param>
internal sealed record MachineInfo(string Processor, int Processors, string System, string Runtime, string Isa)
{
    public static MachineInfo Read()
        => new(ProcessorName(), Environment.ProcessorCount, SystemName(), RuntimeInformation.FrameworkDescription, KernelGen.Isa.Current.ToString());

    public override string ToString() => $"{Processor}, {Processors} processors, {System}, {Runtime}; kernels for {Isa}";

    private static string ProcessorName() => Value("/proc/cpuinfo", "model name", ':') ?? RuntimeInformation.ProcessArchitecture.ToString();

    private static string SystemName() => Value("/etc/os-release", "PRETTY_NAME", '=')?.Trim('"') ?? RuntimeInformation.OSDescription;

    /// <summary>The value of a file's first line "name separator value"; null where there is none.</summary>
    private static string? Value(string file, string name, char separator)
        => File.Exists(file)
            && File.ReadLines(file).FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal)) is { } line
            ? line[(line.IndexOf(separator, StringComparison.Ordinal) + 1)..].Trim()
            : null;
}
