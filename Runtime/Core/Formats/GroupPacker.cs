namespace KernelGen.Formats;

/// <summary>Fills a <see cref="GroupFormat"/>.</summary>
internal static unsafe class GroupPacker
{
    /// <summary>Units are tiles, steps their windows.</summary>
    public static PackWork Work(SparseMatrix matrix, GroupFormat format)
    {
        var stepsPerWord = format.Index.StepsPerWord();
        var windowSteps = format.Reaches * format.Steps;
        var windowWords = (windowSteps + stepsPerWord - 1) / stepsPerWord;
        double tiles = (matrix.Rows - 1) / format.Lanes + 1;
        var windows = tiles * ((matrix.Columns - 1) / format.Window + 1);
        var windowBytes = format.Lanes * ((windowSteps * sizeof(float)) + (windowWords * format.Index.WordBytes()));
        return new PackWork(tiles, windows, 0, windows * windowBytes);
    }

    public static PackArrays Pack(SparseMatrix matrix, GroupFormat format)
    {
        var stepsPerWord = format.Index.StepsPerWord();
        var windowSteps = format.Reaches * format.Steps;
        var windowWords = (windowSteps + stepsPerWord - 1) / stepsPerWord;
        var windows = (long)((matrix.Rows - 1) / format.Lanes + 1) * ((matrix.Columns - 1) / format.Window + 1);
        var wordBytes = format.Index.WordBytes();
        var values = AlignedBuffer.OfFloats(windows * windowSteps * format.Lanes);
        var indices = new AlignedBuffer(windows * windowWords * format.Lanes * wordBytes);
        if (format.Index == LaneIndex.TableBytes)
        {
            // The others name column 0 by zeros.
            for (var word = indices.Pointer; word < indices.Pointer + indices.Bytes; word += wordBytes)
            {
                format.Index.Store(word, format.Index.Place(0, 0));
            }
        }

        var windowsOfTile = ((matrix.Columns - 1) / format.Window) + 1;
        for (var row = 0; row < matrix.Rows; row++)
        {
            var (tile, lane) = Math.DivRem(row, format.Lanes);
            var rowValues = matrix.RowValues(row);
            var rowColumns = matrix.RowColumns(row);
            var (reach, used) = (-1, 0);
            for (var k = 0; k < rowValues.Length; k++)
            {
                var column = rowColumns[k];
                used = column / format.Reach == reach ? used + 1 : 0;
                reach = column / format.Reach;
                if (used >= format.Steps)
                {
                    throw new InvalidOperationException(
                        $"Row {row} has more than {format.Steps} weights in the {format.Reach} columns from {reach * format.Reach} on.");
                }

                var window = ((long)tile * windowsOfTile) + (column / format.Window);
                var step = (reach % format.Reaches * format.Steps) + used;
                values.Floats[(((window * windowSteps) + step) * format.Lanes) + lane] = rowValues[k];
                var word = (((window * windowWords) + (step / stepsPerWord)) * format.Lanes) + lane;
                format.Index.Add(indices.Pointer + (word * wordBytes), step % stepsPerWord, column % format.Reach);
            }
        }

        return new PackArrays(values, indices, new AlignedBuffer(0));
    }
}
