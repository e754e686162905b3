using System.Numerics;
using System.Runtime.CompilerServices;
using KernelGen.Formats;

namespace KernelGen.Training;

/// <summary>
/// A byte for each value of a <see cref="PanelCsrFormat"/>: how far behind the start of its part (<see cref="PartStarts"/>) a value stands. Row and
/// column, which name the part, are read from the pack.
/// </summary>
internal sealed unsafe class PanelCsrPlaces : ValuePlaces
{
    private readonly PackPart _part;
    private readonly PanelCsrFormat _format;
    private readonly PartStarts _starts;
    private readonly bool _isTransposed;
    private readonly int _blocks;
    private readonly byte[] _behind;

    /// <param name="part">Packed from <see cref="RefreshedPack.Numbered"/> values.</param>
    /// <param name="format">Its format; see <see cref="Fits"/>.</param>
    /// <param name="columns">Columns of the packed matrix.</param>
    /// <param name="starts">Of the matrix whose values come.</param>
    /// <param name="isTransposed">Whether the packed matrix is its transpose.</param>
    public PanelCsrPlaces(PackPart part, PanelCsrFormat format, int columns, PartStarts starts, bool isTransposed)
    {
        _part = part;
        _format = format;
        _starts = starts;
        _isTransposed = isTransposed;
        _blocks = ((columns - 1) / format.BlockColumns) + 1;
        _behind = new byte[part.Arrays.Values.Bytes / sizeof(float)];
        fixed (byte* behind = _behind)
        {
            Walk(new Numbers(part.Weights.Values, behind));
        }
    }

    public override long Bytes => _behind.Length;

    /// <summary>Whether blocks lie within parts, and a column's index can be told from its place.</summary>
    public static bool Fits(PanelCsrFormat format)
        => PartStarts.PartColumns % format.BlockColumns == 0 && BitOperations.IsPow2(format.ColumnStride);

    public override void Gather(float* values)
    {
        fixed (byte* behind = _behind)
        {
            Walk(new Values(values, behind, _part.Weights.Values));
        }
    }

    private void Walk<TVisitor>(TVisitor visitor)
        where TVisitor : struct, IVisitor
    {
        if (_format.WideCounts)
        {
            Walk<TVisitor, int>(visitor);
        }
        else
        {
            Walk<TVisitor, ushort>(visitor);
        }
    }

    /// <summary>Visits the values in the pack's order.</summary>
    private void Walk<TVisitor, TCount>(TVisitor visitor)
        where TVisitor : struct, IVisitor
        where TCount : unmanaged, IBinaryInteger<TCount>
    {
        if (_isTransposed)
        {
            WalkTransposed<TVisitor, TCount>(visitor);
        }
        else
        {
            WalkRows<TVisitor, TCount>(visitor);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void WalkRows<TVisitor, TCount>(TVisitor visitor)
        where TVisitor : struct, IVisitor
        where TCount : unmanaged, IBinaryInteger<TCount>
    {
        var count = (TCount*)_part.Weights.Counts;
        var pairs = (_part.Weights.Rows + 1) / 2;
        for (var block = 0; block < _blocks; block++)
        {
            var starts = _starts.OfColumn(block * _format.BlockColumns)[_part.First..];
            for (var pair = 0; pair < pairs; pair++, count += 5)
            {
                var both = int.CreateTruncating(count[2]) + int.CreateTruncating(count[3]);
                var startA = starts[int.CreateTruncating(count[0])];
                var startB = both > 0 ? starts[int.CreateTruncating(count[1])] : 0;
                for (; both > 0; both--)
                {
                    visitor.Next(startA);
                    visitor.Next(startB);
                }

                for (var extra = int.CreateTruncating(count[4]); extra > 0; extra--)
                {
                    visitor.Next(startA);
                }
            }
        }
    }

    /// <summary>The packed matrix's columns are the other's rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void WalkTransposed<TVisitor, TCount>(TVisitor visitor)
        where TVisitor : struct, IVisitor
        where TCount : unmanaged, IBinaryInteger<TCount>
    {
        var count = (TCount*)_part.Weights.Counts;
        var index = (ushort*)_part.Weights.Indices;
        var shift = BitOperations.Log2((uint)_format.ColumnStride);
        var pairs = (_part.Weights.Rows + 1) / 2;
        for (var block = 0; block < _blocks; block++)
        {
            var first = block * _format.BlockColumns;
            for (var pair = 0; pair < pairs; pair++, count += 5)
            {
                var shared = int.CreateTruncating(count[2]);
                var own = int.CreateTruncating(count[3]);
                var startsA = _starts.OfColumn(_part.First + int.CreateTruncating(count[0]))[first..];
                var startsB = shared + own > 0 ? _starts.OfColumn(_part.First + int.CreateTruncating(count[1]))[first..] : default;
                for (; shared > 0; shared--)
                {
                    var row = *index++ >> shift;
                    visitor.Next(startsA[row]);
                    visitor.Next(startsB[row]);
                }

                for (; own > 0; own--)
                {
                    visitor.Next(startsA[*index++ >> shift]);
                    visitor.Next(startsB[*index++ >> shift]);
                }

                for (var extra = int.CreateTruncating(count[4]); extra > 0; extra--)
                {
                    visitor.Next(startsA[*index++ >> shift]);
                }
            }
        }
    }

    /// <summary>Takes the values of a pack in order.</summary>
    private interface IVisitor
    {
        /// <summary>The next value, of whose part the start is given.</summary>
        void Next(int start);
    }

    /// <summary>Finds how far behind the start each value stands, whose number it is.</summary>
    private struct Numbers(float* packed, byte* behind) : IVisitor
    {
        private int* _number = (int*)packed;
        private byte* _behind = behind;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Next(int start) => *_behind++ = (byte)(*_number++ - 1 - start);
    }

    /// <summary>Brings each value to its place.</summary>
    private struct Values(float* values, byte* behind, float* packed) : IVisitor
    {
        private readonly float* _values = values;
        private byte* _behind = behind;
        private float* _packed = packed;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Next(int start) => *_packed++ = _values[start + *_behind++];
    }
}
