using System.Diagnostics;

namespace Targets.Children;

/// <summary>Runs a program to its end.</summary>
internal static class ChildProcess
{
    private static readonly TimeSpan Most = TimeSpan.FromMinutes(10);

    public static ChildResult Run(string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(Most))
        {
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
        }

        return new ChildResult(process.ExitCode, output.Result, errors.Result);
    }
}

/// <summary>How a program ended.</summary>
internal sealed record ChildResult(int ExitCode, string Output, string Errors)
{
    /// <summary>The last line of what went wrong.</summary>
    public string LastError => (Errors + Output).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).LastOrDefault("it printed nothing");
}
