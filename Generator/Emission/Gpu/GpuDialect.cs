using System.Collections.Generic;
using System.Collections.Immutable;
using KernelGen.Generator.Emission.Cpu;
using KernelGen.Generator.Planning;

namespace KernelGen.Generator.Emission.Gpu;

/// <summary>Scalar C# in the words that ILGPU compiles; only for the activations, which GPUs share with the processor.</summary>
internal sealed class GpuDialect : ScalarDialect
{
    public static GpuDialect Instance { get; } = new();

    public override Target Target { get; } = new("Gpu", Lanes: 1, PanelWidth: 1, Accumulators: 1, ImmutableArray<Reach>.Empty);

    public override IEnumerable<string> Usings => ["ILGPU", "System"];

    public override string Abs(string value) => $"MathF.Abs({value})";

    /// <summary>By bits: a comparison with 0 would lose the sign of -0.</summary>
    public override string CopySign(string magnitude, string sign)
        => $"Interop.IntAsFloat((Interop.FloatAsInt({magnitude}) & 0x7FFFFFFFu) | (Interop.FloatAsInt({sign}) & 0x80000000u))";

    public override string PowerOfTwo(string shifted) => $"Interop.IntAsFloat(Interop.FloatAsInt({shifted}) << 23)";
}
