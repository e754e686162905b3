using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using KernelGen.Formats;

namespace KernelGen.Training;

/// <summary>
/// A byte for each value of a <see cref="PanelCsrFormat"/>. A row's values in a block come from a run of those of its matrix, which begins where that of the
/// block before ended: the byte says which of the run it is. Pair after pair, those of the first row and then those of the second.
/// </summary>
internal sealed unsafe class CsrPlaces : ValuePlaces
{
    // What vectors read and write beyond what counts.
    private const int Slack = 64;

    private readonly Pack _pack;
    private readonly PanelCsrFormat _format;
    private readonly int _blocks;
    private readonly int[] _rowStarts;
    private readonly AlignedBuffer _behind;

    /// <param name="pack">Packed from a <see cref="NumberedMask"/>.</param>
    /// <param name="format">Its format; see <see cref="Fits"/>.</param>
    /// <param name="columns">Columns of the matrix.</param>
    /// <param name="rowStarts">Where each row's values begin among all, and where the last one's end.</param>
    public CsrPlaces(Pack pack, PanelCsrFormat format, int columns, int[] rowStarts)
    {
        (_pack, _format, _rowStarts) = (pack, format, rowStarts);
        _blocks = ((columns - 1) / format.BlockColumns) + 1;
        _behind = new AlignedBuffer(rowStarts[^1] + Vector128<byte>.Count, zeroed: false);
        if (format.WideCounts)
        {
            Walk<Numbers, int>(null, _behind.Pointer);
        }
        else
        {
            Walk<Numbers, ushort>(null, _behind.Pointer);
        }
    }

    public override long Bytes => _behind.Bytes;

    /// <summary>Whether bytes and shifts do for a format's blocks.</summary>
    public static bool Fits(PanelCsrFormat format) => format.BlockColumns <= 1 << 8 && BitOperations.IsPow2(format.ColumnStride);

    public override void Gather(float* values)
    {
        if (_format.WideCounts)
        {
            Walk<Values, int>(values, _behind.Pointer);
        }
        else
        {
            Walk<Values, ushort>(values, _behind.Pointer);
        }

        // It owns what the pointers point to.
        GC.KeepAlive(this);
    }

    public override void Release() => _behind.Release();

    /// <summary>Visits the pairs in the pack's order.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Walk<TVisitor, TCount>(float* values, byte* behind)
        where TVisitor : struct, IVisitor
        where TCount : unmanaged, IBinaryInteger<TCount>
    {
        var next = _rowStarts.AsSpan().ToArray();
        var last = _rowStarts[^1] - Slack;
        foreach (var part in _pack.Parts)
        {
            var count = (TCount*)part.Weights.Counts;
            var packed = part.Weights.Values;
            var lastPacked = packed + (part.Arrays.Values.Bytes / sizeof(float)) - Slack;
            for (var i = _blocks * ((part.Weights.Rows + 1) / 2); i > 0; i--, count += 5)
            {
                var (rowA, rowB) = (part.First + int.CreateTruncating(count[0]), part.First + int.CreateTruncating(count[1]));
                var both = int.CreateTruncating(count[2]) + int.CreateTruncating(count[3]);
                var all = both + int.CreateTruncating(count[4]);
                // A row without a partner has nothing in common with it.
                rowB = both > 0 ? rowB : rowA;
                var (a, b) = (next[rowA], next[rowB]);
                var hasRoom = a <= last && b <= last && packed + both + all <= lastPacked;
                TVisitor.Visit(values, a, b, both, all, behind, packed, hasRoom);
                next[rowA] += all;
                next[rowB] += both;
                behind += both + all;
                packed += both + all;
            }
        }
    }

    private interface IVisitor
    {
        /// <summary>Takes a pair: values stand in turns as far as both rows have some, and then those that the first has beyond.</summary>
        /// <param name="values">Of the matrix.</param>
        /// <param name="a">Where the first row's run begins.</param>
        /// <param name="b">Where the second's does.</param>
        /// <param name="both">Values of the second row, and as many of the first.</param>
        /// <param name="all">Values of the first.</param>
        /// <param name="behind">The bytes of the pair.</param>
        /// <param name="packed">The values of the pair in the pack.</param>
        /// <param name="hasRoom">Whether vectors can read and write beyond.</param>
        static abstract void Visit(float* values, int a, int b, int both, int all, byte* behind, float* packed, bool hasRoom);
    }

    /// <summary>Finds how far behind the start of its run each value stands.</summary>
    private readonly struct Numbers : IVisitor
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Visit(float* values, int a, int b, int both, int all, byte* behind, float* packed, bool hasRoom)
        {
            var numbers = (int*)packed;
            for (var k = 0; k < all; k++)
            {
                behind[k] = (byte)(numbers[k + Math.Min(k, both)] - 1 - a);
            }

            for (var k = 0; k < both; k++)
            {
                behind[all + k] = (byte)(numbers[(2 * k) + 1] - 1 - b);
            }
        }
    }

    /// <summary>Brings each value to its place.</summary>
    private readonly struct Values : IVisitor
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Visit(float* values, int a, int b, int both, int all, byte* behind, float* packed, bool hasRoom)
        {
            if (Avx512F.IsSupported && hasRoom && all <= Slack)
            {
                if (all <= Slack / 2)
                {
                    Permute<Run32>(values + a, values + b, both, all, behind, packed);
                }
                else
                {
                    Permute<Run64>(values + a, values + b, both, all, behind, packed);
                }

                return;
            }

            for (var k = 0; k < both; k++)
            {
                packed[2 * k] = values[a + behind[k]];
                packed[(2 * k) + 1] = values[b + behind[all + k]];
            }

            for (var k = both; k < all; k++)
            {
                packed[both + k] = values[a + behind[k]];
            }
        }

        /// <summary>Runs stay in registers, of which permutations pick 16 at a time.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void Permute<TRun>(float* a, float* b, int both, int all, byte* behind, float* packed)
            where TRun : struct, IRun<TRun>
        {
            var low = Vector512.Create(0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
            var high = low + Vector512.Create(Vector512<int>.Count / 2);
            var (runA, runB) = (TRun.Load(a), TRun.Load(b));
            for (var k = 0; k < both; k += Vector512<float>.Count)
            {
                var (ofA, ofB) = (runA.Pick(Places(behind + k)), runB.Pick(Places(behind + all + k)));
                Avx512F.PermuteVar16x32x2(ofA, low, ofB).Store(packed + (2 * k));
                Avx512F.PermuteVar16x32x2(ofA, high, ofB).Store(packed + (2 * k) + Vector512<float>.Count);
            }

            for (var k = both; k < all; k += Vector512<float>.Count)
            {
                runA.Pick(Places(behind + k)).Store(packed + both + k);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static Vector512<int> Places(byte* behind) => Avx512F.ConvertToVector512Int32(Vector128.Load(behind));
    }

    private interface IRun<TSelf>
        where TSelf : struct, IRun<TSelf>
    {
        static abstract TSelf Load(float* run);

        Vector512<float> Pick(Vector512<int> places);
    }

    private readonly struct Run32(Vector512<float> first, Vector512<float> second) : IRun<Run32>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Run32 Load(float* run) => new(Vector512.Load(run), Vector512.Load(run + 16));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<float> Pick(Vector512<int> places) => Avx512F.PermuteVar16x32x2(first, places, second);
    }

    private readonly struct Run64(Run32 lower, Run32 upper) : IRun<Run64>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Run64 Load(float* run) => new(Run32.Load(run), Run32.Load(run + 32));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<float> Pick(Vector512<int> places)
            => Vector512.ConditionalSelect(Vector512.GreaterThan(places, Vector512.Create(31)).AsSingle(), upper.Pick(places), lower.Pick(places));
    }
}
