using System.Globalization;
using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;
using ILGPU.Runtime.Cuda;
using ILGPU.Runtime.OpenCL;
using KernelGen.Gpu.Devices;

namespace KernelGen.Gpu;

/// <summary>A device that was opened: a GPU, or a processor that stands in for one.</summary>
public sealed class GpuDevice : IDisposable
{
    /// <summary>The environment variable that chooses a device, as <see cref="Open(string)"/> takes it.</summary>
    public const string EnvironmentVariable = "KERNELGEN_DEVICE";

    private const string Automatic = "auto";

    /// <summary>
    /// Held while devices are looked for. PoCL answers a second thread before the first one's look has filled in what it tells of its devices, and
    /// then reads null pointers: the process ends.
    /// </summary>
    private static readonly Lock Looking = new();

    private readonly Context _context;

    private GpuDevice(Context context, string name, Accelerator accelerator)
    {
        _context = context;
        Name = name;
        Accelerator = accelerator;
    }

    /// <summary>The name that chooses this device, such as "cuda:0".</summary>
    public string Name { get; }

    /// <summary>The device, as ILGPU knows it.</summary>
    public Accelerator Accelerator { get; }

    /// <summary>Opens the device that the environment variable KERNELGEN_DEVICE names, and where that is unset the best GPU.</summary>
    /// <inheritdoc cref="Open(string)"/>
    public static GpuDevice Open()
    {
        var wanted = Environment.GetEnvironmentVariable(EnvironmentVariable);
        return string.IsNullOrWhiteSpace(wanted) ? Open(Automatic, "") : Open(wanted.Trim(), $"{EnvironmentVariable}={wanted.Trim()}: ");
    }

    /// <summary>Opens a device.</summary>
    /// <param name="name">
    /// "cuda", "opencl" or "cpu" (ILGPU's simulation: slow, for tests), each with ":" and a number where there are several; "auto" for the best
    /// GPU, never a processor.
    /// </param>
    /// <exception cref="ArgumentException">The name is none of a device.</exception>
    /// <exception cref="PlatformNotSupportedException">The device isn't there.</exception>
    public static GpuDevice Open(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return Open(name.Trim(), "");
    }

    /// <summary>The devices of this machine, such as "cuda:0 (NVIDIA H100 80GB HBM3)".</summary>
    public static IReadOnlyList<string> List()
    {
        using var context = CreateContext();
        return [.. All(context).Select(Describe)];
    }

    /// <summary>Name and description, such as "cuda:0 (NVIDIA H100 80GB HBM3)".</summary>
    public override string ToString() => $"{Name} ({Accelerator.Name})";

    /// <summary>Closes the device; whatever lies in its memory is lost.</summary>
    public void Dispose()
    {
        Accelerator.Dispose();
        _context.Dispose();
    }

    private static GpuDevice Open(string wanted, string source)
    {
        var context = CreateContext();
        try
        {
            var found = Find(context, wanted, source);
            return new GpuDevice(context, found.Name, found.Device.CreateAccelerator(context));
        }
        catch
        {
            context.Dispose();
            throw;
        }
    }

    private static Context CreateContext()
    {
        lock (Looking)
        {
            return Context.Create(builder => builder
                .Optimize(OptimizationLevel.O2)
                .Cuda()
                .OpenCL(PoclDevices.Admit)
                .CPU(CPUDeviceKind.Nvidia));
        }
    }

    private static (string Name, Device Device) Find(Context context, string wanted, string source)
    {
        var all = All(context);
        var there = string.Join(", ", all.Select(Describe));
        var parts = wanted.Split(':');
        var number = 0;
        var isName = parts[0].ToLowerInvariant() is Automatic or "cuda" or "opencl" or "cpu"
            && parts.Length <= 2
            && (parts.Length == 1 || int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out number));
        if (!isName)
        {
            throw new ArgumentException(
                $"{source}'{wanted}' names no device: use auto, cuda, opencl or cpu, with :1 for the second of a kind. This machine has {there}.");
        }

        var isAutomatic = parts[0].Equals(Automatic, StringComparison.OrdinalIgnoreCase);
        var found = isAutomatic
            ? all.Where(candidate => IsGpu(candidate.Device))
                .OrderByDescending(candidate => candidate.Device is CudaDevice)
                .ThenByDescending(candidate => candidate.Device.NumMultiprocessors)
                .FirstOrDefault()
            : all.FirstOrDefault(candidate => candidate.Name.Equals(FormattableString.Invariant($"{parts[0]}:{number}"), StringComparison.OrdinalIgnoreCase));
        return found.Device is not null
            ? found
            : throw new PlatformNotSupportedException(
                $"{source}this machine has no {(isAutomatic ? "GPU" : $"device '{wanted}'")}, but {there}: name one, or set {EnvironmentVariable} to one.");
    }

    private static List<(string Name, Device Device)> All(Context context)
        =>
        [
            .. Numbered<CudaDevice>(context, "cuda"),
            .. Numbered<CLDevice>(context, "opencl"),
            .. Numbered<CPUDevice>(context, "cpu"),
        ];

    private static IEnumerable<(string Name, Device Device)> Numbered<TDevice>(Context context, string kind)
        where TDevice : Device
        => context.Devices.OfType<TDevice>().Select((device, i) => (string.Create(CultureInfo.InvariantCulture, $"{kind}:{i}"), (Device)device));

    private static bool IsGpu(Device device) => device is CudaDevice or CLDevice { DeviceType: CLDeviceType.CL_DEVICE_TYPE_GPU };

    private static string Describe((string Name, Device Device) device) => $"{device.Name} ({device.Device.Name})";
}
