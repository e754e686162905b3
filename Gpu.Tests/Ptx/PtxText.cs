using ILGPU;
using ILGPU.Backends;
using ILGPU.Backends.EntryPoints;
using ILGPU.Backends.PTX;
using ILGPU.Runtime.Cuda;

namespace KernelGen.Gpu.Tests.Ptx;

/// <summary>Kernels as PTX, compiled without a GPU.</summary>
internal sealed class PtxText : IDisposable
{
    private readonly Context _context = Context.Create(builder => builder.Optimize(OptimizationLevel.O2));
    private readonly PTXBackend _backend;

    public PtxText(string architecture)
    {
        var target = architecture switch
        {
            "sm_75" => CudaArchitecture.SM_75,
            "sm_80" => CudaArchitecture.SM_80,
            "sm_90" => CudaArchitecture.SM_90,
            _ => throw new ArgumentOutOfRangeException(nameof(architecture), architecture, "No architecture that is tested."),
        };
        // 7.8 is the first that knows sm_90.
        _backend = new PTXBackend(_context, new CudaCapabilityContext(target), target, CudaInstructionSet.ISA_78, null);
    }

    public static string[] Architectures { get; } = ["sm_75", "sm_80", "sm_90"];

    public string Of(PtxKernel kernel)
        => ((PTXCompiledKernel)_backend.Compile(EntryPointDescription.FromExplicitlyGroupedKernel(kernel.Method), kernel.Specialization)).PTXAssembly;

    public void Dispose()
    {
        _backend.Dispose();
        _context.Dispose();
    }
}
