using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using Xunit;

namespace KernelGen.Runtime.Tests.Kernels;

/// <summary>Emitted methods are fast from their first call: the compiler's own account of a process that runs every kernel, and the transposes.</summary>
public sealed partial class CompilationTests
{
    [Fact]
    public async Task No_emitted_kernel_begins_unoptimised()
    {
        Assert.SkipUnless(RuntimeInformation.ProcessArchitecture == Architecture.X64, "Under an emulator a process can't start itself.");
        var account = Path.GetTempFileName();
        try
        {
            var start = new ProcessStartInfo(Environment.ProcessPath!, ["-noColor", "-class", typeof(KernelTests).FullName!, "-class", typeof(ForwardNumericsTests).FullName!])
            {
                RedirectStandardOutput = true,
                Environment = { ["DOTNET_JitDisasmSummary"] = "1", ["DOTNET_JitStdOutFile"] = account },
            };
            using var process = Process.Start(start)!;
            var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            // Not its exit code: at its end, while the compiler closes the file under threads that may still compile, the process has failed behind its summary.
            Assert.Contains("Errors: 0, Failed: 0,", await output, StringComparison.Ordinal);

            // Tables of kernels are data, read once.
            var emitted = File.ReadLines(account)
                .Where(line => Emitted().IsMatch(line)
                    && !line.Contains(":get_", StringComparison.Ordinal) && !line.Contains(":.cctor", StringComparison.Ordinal))
                .ToList();
            // A shape that isn't inlined isn't a constant, and a strip that isn't is no register.
            Assert.DoesNotContain(File.ReadLines(account), line => NotInlined().IsMatch(line));
            Assert.Contains(emitted, line => line.Contains(":Pack[", StringComparison.Ordinal));
            Assert.Contains(emitted, line => line.Contains(":Pairs[", StringComparison.Ordinal));
            Assert.DoesNotContain(emitted, line => !line.Contains("[FullOpts", StringComparison.Ordinal));
        }
        finally
        {
            File.Delete(account);
        }
    }

    /// <summary>All but the object that holds a pair of transposes.</summary>
    [GeneratedRegex(@"JIT compiled KernelGen\.(Generated\.|Vectors\.(?!PanelTransform:))")]
    private static partial Regex Emitted();

    [GeneratedRegex(@"KernelGen\.(Generated|Vectors)\..*(:get_(In|Out|Width|PanelWidth|Columns|Lanes)\(|Strip\d:|Factors:|FactorPlace:)")]
    private static partial Regex NotInlined();
}
