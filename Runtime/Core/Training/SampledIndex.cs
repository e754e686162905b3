using KernelGen.Dispatch;
using KernelGen.Formats;

namespace KernelGen.Training;

/// <summary>The mask of a layer as the kernel of its weight gradient reads it; the owner of its memory.</summary>
internal sealed unsafe class SampledIndex
{
    private readonly AlignedBuffer _columns;
    private readonly AlignedBuffer _segments;

    public SampledIndex(SparseMatrix matrix, SampledKernel kernel)
    {
        var blocks = ((matrix.Columns - 1) / kernel.BlockColumns) + 1;
        _columns = new AlignedBuffer((long)matrix.Nonzeros * sizeof(int));
        _segments = new AlignedBuffer((long)blocks * matrix.Rows * sizeof(Segment));
        Pattern = new SampledPattern(matrix.Rows, (int*)_columns.Pointer, (int*)_segments.Pointer);
        var next = new int[matrix.Rows];
        for (var row = 0; row < next.Length; row++)
        {
            matrix.RowColumns(row).CopyTo(new Span<int>(Pattern.Columns + matrix.FirstValue(row), matrix.RowLength(row)));
        }

        for (var block = 0; block < blocks; block++)
        {
            var segments = new Span<Segment>((Segment*)_segments.Pointer + ((nint)block * matrix.Rows), matrix.Rows);
            var total = 0;
            for (var row = 0; row < segments.Length; row++)
            {
                var rest = matrix.RowColumns(row)[next[row]..];
                var count = 0;
                while (count < rest.Length && rest[count] < (block + 1L) * kernel.BlockColumns)
                {
                    count++;
                }

                segments[row] = new Segment(row, matrix.FirstValue(row) + next[row], count);
                next[row] += count;
                total += count;
            }

            // Equal counts in runs let the processor foresee where a segment ends.
            segments.Sort((a, b) => a.Count != b.Count ? b.Count.CompareTo(a.Count) : a.Row.CompareTo(b.Row));
            MostOfBlock = Math.Max(MostOfBlock, total);
        }
    }

    /// <summary>Pointers for the kernel, valid while this object lives.</summary>
    public SampledPattern Pattern { get; }

    /// <summary>The most active weights of a block of columns.</summary>
    public int MostOfBlock { get; }

    private readonly record struct Segment(int Row, int First, int Count);
}
