using System.Diagnostics;
using Xunit;

namespace KernelGen.Gpu.Tests.Devices;

/// <summary>The choice of a device: by name, by the environment, automatic.</summary>
public sealed class GpuDeviceTests
{
    /// <summary>Set in the processes that <see cref="Several_threads_may_look_for_devices_at_once"/> starts.</summary>
    private const string ChildVariable = "KERNELGEN_TEST_CHILD";

    [Theory]
    [InlineData("cpu")]
    [InlineData(" CPU:0 ")]
    public void A_name_chooses(string name)
    {
        using var device = GpuDevice.Open(name);
        Assert.Equal("cpu:0", device.Name);
        Assert.Contains(device.Accelerator.Name, device.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("tpu")]
    [InlineData("cuda:")]
    [InlineData("cuda:-1")]
    [InlineData("cuda:0:0")]
    [InlineData("")]
    public void A_name_of_no_device_is_refused_with_those_that_there_are(string name)
        => Assert.Contains("This machine has", Assert.Throws<ArgumentException>(() => GpuDevice.Open(name)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_device_that_is_not_there_is_refused_with_those_that_are()
    {
        var error = Assert.Throws<PlatformNotSupportedException>(() => GpuDevice.Open("cuda:99"));
        Assert.Contains("no device 'cuda:99'", error.Message, StringComparison.Ordinal);
        Assert.Contains("cpu:0", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_environment_chooses_where_no_name_does()
    {
        var before = Environment.GetEnvironmentVariable(GpuDevice.EnvironmentVariable);
        try
        {
            Environment.SetEnvironmentVariable(GpuDevice.EnvironmentVariable, "cpu");
            using (var device = GpuDevice.Open())
            {
                Assert.Equal("cpu:0", device.Name);
            }

            Environment.SetEnvironmentVariable(GpuDevice.EnvironmentVariable, "gpu7");
            Assert.StartsWith("KERNELGEN_DEVICE=gpu7: ", Assert.Throws<ArgumentException>(GpuDevice.Open).Message, StringComparison.Ordinal);
        }
        finally
        {
            Environment.SetEnvironmentVariable(GpuDevice.EnvironmentVariable, before);
        }
    }

    [Fact]
    public void The_automatic_choice_takes_no_processor()
    {
        try
        {
            using var device = GpuDevice.Open("auto");
            Assert.DoesNotContain("cpu", device.Name, StringComparison.Ordinal);
        }
        catch (PlatformNotSupportedException e)
        {
            Assert.Contains("no GPU", e.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Devices_are_listed_by_the_names_that_choose_them()
        => Assert.Contains(GpuDevice.List(), device => device.StartsWith("cpu:0 (", StringComparison.Ordinal));

    /// <summary>In processes of their own, since a process finds its OpenCL devices once; what failed ended the process.</summary>
    [Fact]
    public void Several_threads_may_look_for_devices_at_once()
    {
        if (Environment.GetEnvironmentVariable(ChildVariable) is not null)
        {
            LookAtOnce();
            return;
        }

        var start = new ProcessStartInfo(
            Path.Combine(AppContext.BaseDirectory, typeof(GpuDeviceTests).Assembly.GetName().Name!),
            ["-method", $"{typeof(GpuDeviceTests).FullName}.{nameof(Several_threads_may_look_for_devices_at_once)}", "-noColor"])
        {
            RedirectStandardOutput = true,
        };
        start.Environment[ChildVariable] = "1";
        for (var run = 0; run < 5; run++)
        {
            using var child = Process.Start(start)!;
            var output = child.StandardOutput.ReadToEnd();
            child.WaitForExit();
            Assert.True(child.ExitCode == 0, $"The child ended with {child.ExitCode}:\n{output}");
            Assert.Contains("Total: 1,", output, StringComparison.Ordinal);
        }
    }

    private static void LookAtOnce()
    {
        const int Count = 4;
        using var barrier = new Barrier(Count);
        var found = new IReadOnlyList<string>[Count];
        var threads = Enumerable.Range(0, Count).Select(i => new Thread(() =>
        {
            barrier.SignalAndWait();
            found[i] = GpuDevice.List();
        })).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        Assert.All(found, devices => Assert.Equal(found[0], devices));
    }
}
