using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

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

    /// <summary>Copies a feature-major slice; whole rows of a panel by vectors, since each is short and there are many.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static unsafe void CopyRows(float* source, nint stride, int rows, int columns, float* panel, int width)
    {
        var whole = columns == width && width % Vector512<float>.Count == 0;
        for (; rows > 0; rows--, source += stride, panel += width)
        {
            if (!whole)
            {
                new ReadOnlySpan<float>(source, columns).CopyTo(new Span<float>(panel, columns));
                continue;
            }

            for (var column = 0; column < width; column += Vector512<float>.Count)
            {
                Vector512.Store(Vector512.Load(source + column), panel + column);
            }
        }
    }
}
