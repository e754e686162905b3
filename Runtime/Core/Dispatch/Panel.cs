namespace KernelGen.Dispatch;

/// <summary>
/// The panel: a contiguous feature-major slice <c>[features][Width]</c> of a batch, the form of activations between layers. The
/// generator emits these numbers as constants, so both sides must agree on them.
/// </summary>
public static class Panel
{
    /// <summary>Buffers of a panel have room for features rounded up to a multiple of this.</summary>
    public const int RowMultiple = 16;

    /// <summary>Samples of a panel.</summary>
    /// <param name="instructionSet">The kernels' instruction set.</param>
    public static int Width(InstructionSet instructionSet) => instructionSet switch
    {
        InstructionSet.Avx512 or InstructionSet.Avx2 => 64,
        InstructionSet.Neon => 32,
        _ => 8,
    };
}
