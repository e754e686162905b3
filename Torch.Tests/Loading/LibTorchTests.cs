using System.Diagnostics;
using TorchSharp;

namespace KernelGen.Torch.Tests.Loading;

public sealed class LibTorchTests
{
    [Fact]
    public void Torch_runs_and_many_threads_may_ask_for_it()
    {
        Parallel.For(0, 8, _ => LibTorch.EnsureLoadable());

        using var sum = torch.ones(3).sum();
        Assert.Equal(3f, sum.item<float>());
    }

    [Fact]
    public async Task Two_processes_with_a_cold_cache_both_start()
    {
        var data = Directory.CreateTempSubdirectory("kernelgen-tests-").FullName;
        try
        {
            var processes = Enumerable.Range(0, 2).Select(_ => StartProbe(data)).ToArray();
            foreach (var process in processes)
            {
                var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
                await process.WaitForExitAsync(TestContext.Current.CancellationToken);
                Assert.True(process.ExitCode == 0, output);
                process.Dispose();
            }

            Assert.Equal(HostLibStdCxx.HasMarker() ? 0 : 1, Directory.GetFiles(data, "*", SearchOption.AllDirectories).Length);
        }
        finally
        {
            Directory.Delete(data, recursive: true);
        }
    }

    // This test project once more, with a cache of its own and one small test.
    private static Process StartProbe(string data)
    {
        var host = Environment.ProcessPath!;
        string[] assembly = Path.GetFileNameWithoutExtension(host) == "dotnet" ? ["exec", typeof(LibTorchTests).Assembly.Location] : [];
        var probe = $"{typeof(LibTorchTests).FullName}.{nameof(Torch_runs_and_many_threads_may_ask_for_it)}";
        var start = new ProcessStartInfo(host, [.. assembly, "-method", probe])
        {
            RedirectStandardOutput = true,
            Environment = { ["XDG_DATA_HOME"] = data },
        };
        return Process.Start(start)!;
    }
}
