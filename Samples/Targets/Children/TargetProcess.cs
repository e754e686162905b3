using System.Text.Json;

namespace Targets.Children;

/// <summary>Runs this program for one target, in a process of its own.</summary>
internal static class TargetProcess
{
    public static TargetOutput Run(Target target)
    {
        if (target.Name == Target.Neon && !KernelGen.Isa.IsSupported(KernelGen.InstructionSet.Neon))
        {
            return ArmProgram.Run(["--row", target.Name]);
        }

        var program = Path.Combine(AppContext.BaseDirectory, "Targets" + (OperatingSystem.IsWindows() ? ".exe" : ""));
        return Output(ChildProcess.Run(program, ["--row", target.Name]));
    }

    /// <summary>What a process of this program's printed.</summary>
    public static TargetOutput Output(ChildResult result)
        => result.ExitCode == 0
            ? JsonSerializer.Deserialize<TargetOutput>(result.Output)!
            : TargetOutput.Failure($"the process ended with {result.ExitCode}: {result.LastError}");
}
