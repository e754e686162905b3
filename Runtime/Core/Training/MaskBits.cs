using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using KernelGen.Formats;

namespace KernelGen.Training;

/// <summary>A mask as bits: each row begins at a byte, and its columns follow from the lowest bit on.</summary>
internal static class MaskBits
{
    /// <summary>Bytes of a row.</summary>
    public static int RowBytes(int columns) => ((columns - 1) / 8) + 1;

    /// <summary>Writes a mask.</summary>
    /// <param name="mask">The mask.</param>
    /// <param name="bits">Receives its rows, each of <see cref="RowBytes"/>.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Write(SparseMatrix mask, Span<byte> bits)
    {
        var rowBytes = RowBytes(mask.Columns);
        bits.Clear();
        for (var row = 0; row < mask.Rows; row++)
        {
            var own = bits.Slice(row * rowBytes, rowBytes);
            foreach (var column in mask.RowColumns(row))
            {
                own[column >> 3] |= (byte)(1 << (column & 7));
            }
        }
    }

    /// <summary>Reads a mask; it has no values.</summary>
    /// <exception cref="FormatException">A bit is set behind the last column.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static SparseMatrix Read(ReadOnlySpan<byte> bits, int rows, int columns)
    {
        var rowBytes = RowBytes(columns);
        var starts = new int[rows + 1];
        var count = 0;
        foreach (var part in bits)
        {
            count += BitOperations.PopCount(part);
        }

        var indices = new int[count];
        var next = 0;
        Span<ulong> words = stackalloc ulong[1];
        for (var row = 0; row < rows; row++)
        {
            var own = bits.Slice(row * rowBytes, rowBytes);
            for (var first = 0; first < rowBytes; first += sizeof(ulong))
            {
                words[0] = 0;
                own[first..Math.Min(rowBytes, first + sizeof(ulong))].CopyTo(MemoryMarshal.AsBytes(words));
                for (var word = words[0]; word != 0; word &= word - 1)
                {
                    indices[next++] = (first * 8) + BitOperations.TrailingZeroCount(word);
                }
            }

            // Kernels don't check columns.
            if (next > starts[row] && indices[next - 1] >= columns)
            {
                throw new FormatException($"Row {row} of the mask has a bit for column {indices[next - 1]}, where {columns} columns are.");
            }

            starts[row + 1] = next;
        }

        return SparseMatrix.FromCsr(rows, columns, starts, indices, []);
    }
}
