using System.Runtime.CompilerServices;

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
                throw new InvalidOperationException(
                    $"Row {row} has more than {steps} weights in the {reachColumns} columns from {reach * reachColumns} on.");
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
