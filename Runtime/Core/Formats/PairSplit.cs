using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace KernelGen.Formats;

/// <summary>
/// The columns that two rows have in a block, taken apart with their values: those of both rows, and those of one alone. Vectors of 16 are read and written
/// whole, up to 15 behind the last that count. Its pointers are valid while this object lives.
/// </summary>
internal sealed unsafe class PairSplit
{
    private const int WordBits = 64;

    private readonly ulong[] _bitsA;
    private readonly ulong[] _bitsB;
    private readonly AlignedBuffer _memory;

    /// <param name="blockColumns">Columns of a block.</param>
    public PairSplit(int blockColumns)
    {
        var words = (blockColumns + WordBits - 1) / WordBits;
        (_bitsA, _bitsB) = (new ulong[words], new ulong[words]);
        var room = blockColumns + Vector512<int>.Count;
        _memory = AlignedBuffer.OfFloats(7L * room);
        SharedA = _memory.Floats;
        SharedB = SharedA + room;
        OwnA = SharedB + room;
        OwnB = OwnA + room;
        SharedColumns = (int*)(OwnB + room);
        OwnColumnsA = SharedColumns + room;
        OwnColumnsB = OwnColumnsA + room;
    }

    public static bool IsSupported => Avx512F.IsSupported && Bmi2.X64.IsSupported;

    /// <summary>The columns of both.</summary>
    public int* SharedColumns { get; }

    /// <summary>What A has there.</summary>
    public float* SharedA { get; }

    /// <summary>What B has there.</summary>
    public float* SharedB { get; }

    /// <summary>The columns of A alone.</summary>
    public int* OwnColumnsA { get; }

    /// <summary>The columns of B alone.</summary>
    public int* OwnColumnsB { get; }

    /// <summary>What A has there.</summary>
    public float* OwnA { get; }

    /// <summary>What B has there.</summary>
    public float* OwnB { get; }

    /// <summary>Takes two rows apart.</summary>
    /// <param name="firstColumn">Of the block.</param>
    /// <param name="a">Columns and values of A in the block.</param>
    /// <param name="b">Those of B.</param>
    public void Run(int firstColumn, in RowOfBlock a, in RowOfBlock b)
    {
        SetBits(_bitsA, firstColumn, a);
        SetBits(_bitsB, firstColumn, b);
        Take(_bitsA, _bitsB, a, SharedColumns, SharedA, OwnColumnsA, OwnA);
        Take(_bitsB, _bitsA, b, SharedColumns, SharedB, OwnColumnsB, OwnB);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SetBits(Span<ulong> bits, int firstColumn, in RowOfBlock row)
    {
        bits.Clear();
        for (var k = 0; k < row.Length; k++)
        {
            var column = row.Columns[k] - firstColumn;
            bits[column / WordBits] |= 1UL << column;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Take(
        ReadOnlySpan<ulong> own, ReadOnlySpan<ulong> other, in RowOfBlock row, int* sharedColumns, float* shared, int* ownColumns, float* alone)
    {
        var column = row.Columns;
        var value = row.Values;
        for (var word = 0; word < own.Length; word++)
        {
            var bits = Bmi2.X64.ParallelBitExtract(other[word], own[word]);
            for (var left = BitOperations.PopCount(own[word]); left > 0; left -= Vector512<int>.Count, bits >>= Vector512<int>.Count)
            {
                var count = Math.Min(left, Vector512<int>.Count);
                var both = BitOperations.PopCount((uint)bits & 0xFFFF);
                var isShared = BitLanes.Of((uint)bits);
                var isOwn = BitLanes.Of(~(uint)bits);
                var (columns, values) = (Vector512.Load(column), Vector512.Load(value));
                Avx512F.Compress(Vector512<int>.Zero, isShared, columns).Store(sharedColumns);
                Avx512F.Compress(Vector512<float>.Zero, isShared.AsSingle(), values).Store(shared);
                Avx512F.Compress(Vector512<int>.Zero, isOwn, columns).Store(ownColumns);
                Avx512F.Compress(Vector512<float>.Zero, isOwn.AsSingle(), values).Store(alone);
                column += count;
                value += count;
                sharedColumns += both;
                shared += both;
                ownColumns += count - both;
                alone += count - both;
            }
        }
    }
}
