using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace KernelGen.Formats;

/// <summary>Fills a <see cref="GroupFormat"/>.</summary>
internal static unsafe class GroupPacker
{
    /// <summary>Units are tiles, steps their windows.</summary>
    public static PackWork Work(SparseMatrix matrix, GroupFormat format)
    {
        double tiles = (matrix.Rows - 1) / format.Lanes + 1;
        var windows = tiles * Windows(matrix, format);
        var windowBytes = format.Lanes * ((WindowSteps(format) * sizeof(float)) + (WindowWords(format) * format.Index.WordBytes()));
        return new PackWork(tiles, windows, 0, windows * windowBytes);
    }

    public static PackArrays Pack(SparseMatrix matrix, GroupFormat format)
    {
        var windows = ((matrix.Rows - 1) / format.Lanes + 1) * (long)Windows(matrix, format);
        if (EightRows.IsSupported && format.Lanes % EightRows.Count == 0)
        {
            return PackRows(matrix, format, windows);
        }

        var wordBytes = format.Index.WordBytes();
        var values = AlignedBuffer.OfFloats(windows * WindowSteps(format) * format.Lanes);
        var indices = new AlignedBuffer(windows * WindowWords(format) * format.Lanes * wordBytes);
        if (format.Index == LaneIndex.TableBytes)
        {
            // The others name column 0 by zeros.
            for (var word = indices.Pointer; word < indices.Pointer + indices.Bytes; word += wordBytes)
            {
                format.Index.Store(word, format.Index.Place(0, 0));
            }
        }

        for (var row = 0; row < matrix.Rows; row++)
        {
            Fill(matrix, format, row, values.Floats, indices.Pointer);
        }

        return new PackArrays(values, indices, new AlignedBuffer(0));
    }

    /// <summary>Packs eight rows at once.</summary>
    private static PackArrays PackRows(SparseMatrix matrix, GroupFormat format, long windows)
    {
        var values = AlignedBuffer.OfFloats(windows * WindowSteps(format) * format.Lanes, zeroed: false);
        var indices = new AlignedBuffer(windows * WindowWords(format) * format.Lanes * format.Index.WordBytes(), zeroed: false);
        Span<int> numbers = stackalloc int[EightRows.Count];
        fixed (int* columns = matrix.ColumnNumbers)
        fixed (float* weights = matrix.Values)
        {
            for (var first = 0; first < format.PaddedRows(matrix.Rows); first += EightRows.Count)
            {
                for (var lane = 0; lane < numbers.Length; lane++)
                {
                    numbers[lane] = first + lane;
                }

                var (tile, firstLane) = Math.DivRem(first, format.Lanes);
                var window = (nint)tile * Windows(matrix, format);
                if (!FillRows(
                    new EightRows(matrix, columns, weights, numbers),
                    format,
                    Windows(matrix, format),
                    values.Floats + (window * WindowSteps(format) * format.Lanes) + firstLane,
                    indices.Pointer + (((window * WindowWords(format) * format.Lanes) + firstLane) * format.Index.WordBytes())))
                {
                    ThrowTooMany(matrix, format, first);
                }
            }
        }

        return new PackArrays(values, indices, new AlignedBuffer(0));
    }

    /// <summary>Fills eight lanes of a tile; false where a row has more weights in a reach than the format has steps.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool FillRows(EightRows rows, GroupFormat format, int windows, float* values, byte* indices)
    {
        var (lanes, reach, steps, windowSteps, index) = (format.Lanes, format.Reach, format.Steps, WindowSteps(format), format.Index);
        var (stepsPerWord, wordBytes, stepBits) = (index.StepsPerWord(), index.WordBytes(), index.Bits());
        var (scale, offset) = (Vector256.Create(index.Scale()), Vector256.Create(index.Offset()));
        var (first, left) = (Vector256<int>.Zero, Vector256<int>.Zero);
        for (var window = 0; window < windows; window++)
        {
            var (bits, inWord) = (Vector256<uint>.Zero, 0);
            for (var windowStep = 0; windowStep < windowSteps;)
            {
                var (end, taken) = (first + Vector256.Create(reach), Vector256<int>.Zero);
                for (var step = 0; step < steps; step++, windowStep++, values += lanes)
                {
                    var columns = rows.Columns(step);
                    var inReach = Vector256.LessThan(columns, end);
                    rows.Values(step, inReach).Store(values);
                    taken -= inReach;
                    left |= Vector256.LessThan(columns, first);
                    bits |= ((((columns - first) & inReach).AsUInt32() * scale) + offset) << (stepBits * inWord);
                    if (++inWord == stepsPerWord || windowStep + 1 == windowSteps)
                    {
                        EightRows.StoreWords(bits, indices, wordBytes);
                        indices += lanes * wordBytes;
                        (bits, inWord) = (Vector256<uint>.Zero, 0);
                    }
                }

                rows.Pass(taken);
                first = end;
            }
        }

        return left == Vector256<int>.Zero && rows.Columns(0) == Vector256.Create(int.MaxValue);
    }

    private static void ThrowTooMany(SparseMatrix matrix, GroupFormat format, int firstRow)
    {
        for (var row = firstRow; row < Math.Min(firstRow + EightRows.Count, matrix.Rows); row++)
        {
            var (reach, used) = (-1, 0);
            foreach (var column in matrix.RowColumns(row))
            {
                used = column / format.Reach == reach ? used + 1 : 1;
                reach = column / format.Reach;
                if (used > format.Steps)
                {
                    throw TooMany(row, reach, format);
                }
            }
        }
    }

    private static InvalidOperationException TooMany(int row, int reach, GroupFormat format)
        => new($"Row {row} has more than {format.Steps} weights in the {format.Reach} columns from {reach * format.Reach} on.");

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Fill(SparseMatrix matrix, GroupFormat format, int row, float* values, byte* indices)
    {
        var (tile, lane) = Math.DivRem(row, format.Lanes);
        var (lanes, reachColumns, steps, reaches, index) = (format.Lanes, format.Reach, format.Steps, format.Reaches, format.Index);
        var (stepsPerWord, wordBytes, bits, scale, offset) = (index.StepsPerWord(), index.WordBytes(), index.Bits(), index.Scale(), index.Offset());
        var firstWindow = (long)tile * Windows(matrix, format);
        var (windowFloats, windowBytes) = (WindowSteps(format) * lanes, WindowWords(format) * lanes * wordBytes);
        var divider = new Divider(reachColumns);
        var rowValues = matrix.RowValues(row);
        var rowColumns = matrix.RowColumns(row);
        var (reach, used, inWord) = (-1, 0, 0);
        var value = values;
        var word = indices;
        for (var k = 0; k < rowValues.Length; k++, used++)
        {
            var column = rowColumns[k];
            if (divider.Quotient(column) != reach)
            {
                reach = divider.Quotient(column);
                used = 0;
                var window = firstWindow + (reach / reaches);
                var step = reach % reaches * steps;
                value = values + (window * windowFloats) + (step * lanes) + lane;
                word = indices + (window * windowBytes) + (((step / stepsPerWord * lanes) + lane) * wordBytes);
                inWord = step % stepsPerWord;
            }

            if (used == steps)
            {
                throw TooMany(row, reach, format);
            }

            *value = rowValues[k];
            value += lanes;
            index.Add(word, LaneIndexWriter.Place(scale, offset, bits * inWord, column - (reach * reachColumns)));
            if (++inWord == stepsPerWord)
            {
                inWord = 0;
                word += lanes * wordBytes;
            }
        }
    }

    private static int Windows(SparseMatrix matrix, GroupFormat format) => ((matrix.Columns - 1) / format.Window) + 1;

    private static int WindowSteps(GroupFormat format) => format.Reaches * format.Steps;

    private static int WindowWords(GroupFormat format) => (WindowSteps(format) + format.Index.StepsPerWord() - 1) / format.Index.StepsPerWord();
}
