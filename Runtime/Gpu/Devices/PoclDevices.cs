using ILGPU.Runtime.OpenCL;

namespace KernelGen.Gpu.Devices;

/// <summary>OpenCL on processors, through PoCL: for tests on machines without a GPU.</summary>
internal static class PoclDevices
{
    private const string Platform = "Portable Computing Language";

    /// <summary>
    /// Lets ILGPU use a device of PoCL's. ILGPU refuses devices that don't announce generic address spaces, but emitted kernels need none.
    /// </summary>
    public static bool Admit(CLDevice device)
    {
        if (device.PlatformName == Platform && !device.Capabilities.GenericAddressSpace)
        {
            // Its setter is ILGPU's own; nothing else can say so.
            typeof(CLCapabilityContext).GetProperty(nameof(CLCapabilityContext.GenericAddressSpace))!.SetValue(device.Capabilities, true);
        }

        return true;
    }
}
