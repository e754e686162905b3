using System.Runtime.CompilerServices;

namespace KernelGen.Vectors;

/// <summary>The transposes between row-major batches and panels, for every instruction set: they go from square to square.</summary>
internal static unsafe class PanelTransforms
{
    public static PanelTransform[] All { get; } =
    [
        new PanelTransform(InstructionSet.Scalar, &Pack<ScalarSquare>, &Unpack<ScalarSquare>),
        new PanelTransform(InstructionSet.Neon, &Pack<NeonSquare>, &Unpack<NeonSquare>),
        new PanelTransform(InstructionSet.Avx2, &Pack<Avx2Square>, &Unpack<Avx2Square>),
        new PanelTransform(InstructionSet.Avx512, &Pack<Avx512Square>, &Unpack<Avx512Square>),
    ];

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Pack<TSquare>(float* source, nint stride, int features, int columns, float* panel)
        where TSquare : struct, ISquare
    {
        for (var column = 0; column < columns; column += TSquare.Lanes)
        {
            for (var feature = 0; feature < features; feature += TSquare.Lanes)
            {
                var from = &source[(column * stride) + feature];
                var to = &panel[((nint)feature * TSquare.PanelWidth) + column];
                if (columns - column >= TSquare.Lanes && features - feature >= TSquare.Lanes)
                {
                    TSquare.Transpose(from, stride, to, TSquare.PanelWidth);
                }
                else
                {
                    PackEdge<TSquare>(from, stride, features - feature, columns - column, to);
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Unpack<TSquare>(float* panel, int features, int columns, float* destination, nint stride)
        where TSquare : struct, ISquare
    {
        for (var column = 0; column < columns; column += TSquare.Lanes)
        {
            for (var feature = 0; feature < features; feature += TSquare.Lanes)
            {
                var from = &panel[((nint)feature * TSquare.PanelWidth) + column];
                var to = &destination[(column * stride) + feature];
                if (columns - column >= TSquare.Lanes && features - feature >= TSquare.Lanes)
                {
                    TSquare.Transpose(from, TSquare.PanelWidth, to, stride);
                }
                else
                {
                    UnpackEdge<TSquare>(from, features - feature, columns - column, to, stride);
                }
            }
        }
    }

    /// <summary>A square cut by the batch's edge goes through a whole one on the stack.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PackEdge<TSquare>(float* source, nint stride, int features, int columns, float* panel)
        where TSquare : struct, ISquare
    {
        var square = stackalloc float[TSquare.Lanes * TSquare.Lanes];
        for (var i = 0; i < columns && i < TSquare.Lanes; i++)
        {
            TSquare.LoadRow(&source[i * stride], features, &square[i * TSquare.Lanes]);
        }

        TSquare.Transpose(square, TSquare.Lanes, panel, TSquare.PanelWidth);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void UnpackEdge<TSquare>(float* panel, int features, int columns, float* destination, nint stride)
        where TSquare : struct, ISquare
    {
        var square = stackalloc float[TSquare.Lanes * TSquare.Lanes];
        TSquare.Transpose(panel, TSquare.PanelWidth, square, TSquare.Lanes);
        for (var i = 0; i < columns && i < TSquare.Lanes; i++)
        {
            TSquare.StoreRow(&square[i * TSquare.Lanes], &destination[i * stride], features);
        }
    }
}
