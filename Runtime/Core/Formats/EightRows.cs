using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace KernelGen.Formats;

/// <summary>The next nonzeros of eight rows, one row a lane, to read and pass them together.</summary>
internal unsafe struct EightRows
{
    /// <summary>Rows, and lanes.</summary>
    public const int Count = 8;

    private readonly int* _columns;
    private readonly float* _values;

    // Places among the matrix's values, and how far those of the columns lie in front of them.
    private readonly Vector256<int> _ends;
    private readonly Vector256<int> _columnsBefore;
    private Vector256<int> _next;

    /// <param name="matrix">Holds the rows.</param>
    /// <param name="columns">Its pinned column numbers.</param>
    /// <param name="values">Its pinned values.</param>
    /// <param name="rows">Numbers of the rows; those that the matrix hasn't got are empty.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public EightRows(SparseMatrix matrix, int* columns, float* values, ReadOnlySpan<int> rows)
    {
        _columns = columns;
        _values = values;
        int* next = stackalloc int[Count], ends = stackalloc int[Count], before = stackalloc int[Count];
        for (var lane = 0; lane < Count; lane++)
        {
            var isRow = rows[lane] < matrix.Rows;
            next[lane] = isRow ? matrix.FirstValue(rows[lane]) : 0;
            ends[lane] = isRow ? next[lane] + matrix.RowLength(rows[lane]) : 0;
            before[lane] = isRow ? next[lane] - matrix.FirstColumn(rows[lane]) : 0;
        }

        _next = Vector256.Load(next);
        _ends = Vector256.Load(ends);
        _columnsBefore = Vector256.Load(before);
    }

    /// <summary>Whether this machine reads eight places at once.</summary>
    public static bool IsSupported => Avx2.IsSupported;

    /// <summary>Each row's column so many nonzeros on; int.MaxValue behind its last.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly Vector256<int> Columns(int on)
    {
        var places = _next + Vector256.Create(on);
        return Avx2.GatherMaskVector256(
            Vector256.Create(int.MaxValue), _columns, places - _columnsBefore, Vector256.LessThan(places, _ends), sizeof(int));
    }

    /// <summary>Each row's value so many nonzeros on, where a mask says so; else 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly Vector256<float> Values(int on, Vector256<int> mask)
        => Avx2.GatherMaskVector256(Vector256<float>.Zero, _values, _next + Vector256.Create(on), mask.AsSingle(), sizeof(float));

    /// <summary>Passes so many nonzeros of each row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Pass(Vector256<int> nonzeros) => _next += nonzeros;

    /// <summary>Writes eight lanes' words, of 1, 2 or 4 bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreWords(Vector256<uint> bits, byte* words, int wordBytes)
    {
        if (wordBytes == sizeof(uint))
        {
            bits.Store((uint*)words);
            return;
        }

        var halves = Vector128.Narrow(bits.GetLower(), bits.GetUpper());
        if (wordBytes == sizeof(ushort))
        {
            halves.Store((ushort*)words);
        }
        else
        {
            Vector128.Narrow(halves, halves).GetLower().Store(words);
        }
    }
}
