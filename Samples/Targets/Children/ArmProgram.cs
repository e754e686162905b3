using System.Runtime.CompilerServices;

namespace Targets.Children;

/// <summary>This program built for arm64, and run under QEMU.</summary>
internal static class ArmProgram
{
    private const string Emulator = "qemu-aarch64-static";
    private const string Libraries = "/usr/aarch64-linux-gnu";
    private const string Packages = "qemu-user-static libc6-arm64-cross libgcc-s1-arm64-cross libstdc++6-arm64-cross";

    public static TargetOutput Run(IReadOnlyList<string> arguments)
    {
        if (!IsOnPath(Emulator) || !Directory.Exists(Libraries))
        {
            return TargetOutput.Missing($"this processor isn't arm64, and there is no QEMU with its libraries: install {Packages} (Debian, Ubuntu)");
        }

        var folder = Path.GetFullPath(Path.Combine(ProjectFolder(), "..", "..", "artifacts", "targets"));
        var program = Path.Combine(folder, "arm64");
        // A folder of its own for all that a build leaves: this program runs out of the ordinary one.
        var build = ChildProcess.Run(
            Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet",
            [
                "publish", ProjectFolder(), "-c", "Release", "-r", "linux-arm64", "--self-contained",
                "--artifacts-path", Path.Combine(folder, "build"), "-o", program, "-m:1", "-v", "quiet", "-nologo",
            ]);
        if (build.ExitCode != 0)
        {
            return TargetOutput.Failure($"it couldn't be built for arm64: {build.LastError}");
        }

        var output = TargetProcess.Output(ChildProcess.Run(
            Emulator,
            // Without W^X: QEMU before 8.1 doesn't see code that is written through a second mapping.
            ["-cpu", "max", "-L", Libraries, "-E", "DOTNET_EnableWriteXorExecute=0", Path.Combine(program, "Targets"), .. arguments]));
        return output with { Where = "arm64 under QEMU" };
    }

    private static bool IsOnPath(string program)
        => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, program)));

    private static string ProjectFolder([CallerFilePath] string callerPath = "")
        => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(callerPath)!, ".."));
}
