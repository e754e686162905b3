using ILGPU.Runtime;
using Xunit;

namespace KernelGen.Gpu.Tests;

/// <summary>The devices that tests run on, each opened once. Those that a machine lacks are skipped, with the reason.</summary>
internal static class TestDevices
{
    /// <summary>ILGPU's simulation, for tiny shapes: it takes milliseconds for what others do in microseconds.</summary>
    public const string Simulation = "cpu";

    /// <summary>Names the devices to test, such as "cuda"; all where it is unset.</summary>
    private const string EnvironmentVariable = "KERNELGEN_TEST_DEVICES";

    private static readonly Lock Opening = new();
    private static readonly Dictionary<string, GpuDevice> Opened = [];

    public static string[] Names { get; } = [Simulation, "opencl", "cuda"];

    public static TheoryData<string> All => [.. Names];

    /// <summary>A device, to be used by one test at a time.</summary>
    public static Lease Use(string name)
    {
        Assert.SkipUnless(
            Environment.GetEnvironmentVariable(EnvironmentVariable) is not { Length: > 0 } chosen || chosen.Split(',').Contains(name), $"{EnvironmentVariable} leaves {name} out.");
        GpuDevice? device;
        lock (Opening)
        {
            if (!Opened.TryGetValue(name, out device))
            {
                try
                {
                    Opened[name] = device = GpuDevice.Open(name);
                }
                catch (PlatformNotSupportedException e)
                {
                    Assert.Skip(e.Message);
                }
            }
        }

        Monitor.Enter(device!);
        return new Lease(device!);
    }

    internal sealed class Lease(GpuDevice device) : IDisposable
    {
        public Accelerator Accelerator => device.Accelerator;

        public void Dispose() => Monitor.Exit(device);
    }
}
