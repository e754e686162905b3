namespace KernelGen.Formats;

/// <summary>Fills a <see cref="WindowFormat"/>.</summary>
internal static unsafe class WindowPacker
{
    public static PackArrays Pack(SparseMatrix matrix, WindowFormat format)
    {
        var windows = (matrix.Columns + format.Window - 1) / format.Window;
        var tiles = (matrix.Rows + format.Lanes - 1) / format.Lanes;
        var counted = format.StepsPerWindow == 0;
        var counts = new AlignedBuffer(counted ? (long)tiles * windows * sizeof(ushort) : 0);
        var steps = counted
            ? CountSteps(matrix, format, windows, (ushort*)counts.Pointer)
            : (long)tiles * windows * format.StepsPerWindow;

        var values = AlignedBuffer.OfFloats(steps * format.Lanes);
        var indices = new AlignedBuffer(steps * format.Lanes * (format.Index == LaneIndex.TableBytes ? 4 : 1));
        if (format.Index == LaneIndex.TableBytes)
        {
            // Padding names column 0.
            for (long i = 0; i < steps * format.Lanes; i++)
            {
                WriteTableBytes(indices.Pointer + (4 * i), 0);
            }
        }

        Fill(matrix, format, windows, values.Floats, indices.Pointer, counted ? (ushort*)counts.Pointer : null);
        return new PackArrays(values, indices, counts);
    }

    /// <summary>Writes each window's steps, the most nonzeros that one of its rows has, and answers their sum.</summary>
    private static long CountSteps(SparseMatrix matrix, WindowFormat format, int windows, ushort* counts)
    {
        for (var row = 0; row < matrix.Rows; row++)
        {
            var tile = counts + ((nint)(row / format.Lanes) * windows);
            var rowColumns = matrix.RowColumns(row);
            for (var k = 0; k < rowColumns.Length;)
            {
                var window = rowColumns[k] / format.Window;
                var next = EndOfWindow(rowColumns, k, window, format.Window);
                tile[window] = Math.Max(tile[window], checked((ushort)(next - k)));
                k = next;
            }
        }

        long steps = 0;
        var all = (long)((matrix.Rows + format.Lanes - 1) / format.Lanes) * windows;
        for (long i = 0; i < all; i++)
        {
            steps += counts[i];
        }

        return steps;
    }

    private static void Fill(SparseMatrix matrix, WindowFormat format, int windows, float* values, byte* indices, ushort* counts)
    {
        var lanes = format.Lanes;
        var bytes = format.Index == LaneIndex.TableBytes ? 4 : 1;
        var cursors = new int[lanes];
        for (var firstRow = 0; firstRow < matrix.Rows; firstRow += lanes)
        {
            Array.Clear(cursors);
            var live = Math.Min(lanes, matrix.Rows - firstRow);
            for (var window = 0; window < windows; window++)
            {
                var steps = counts == null ? format.StepsPerWindow : *counts++;
                for (var lane = 0; lane < live; lane++)
                {
                    var rowValues = matrix.RowValues(firstRow + lane);
                    var rowColumns = matrix.RowColumns(firstRow + lane);
                    var begin = cursors[lane];
                    var end = EndOfWindow(rowColumns, begin, window, format.Window);
                    if (end - begin > steps)
                    {
                        throw new InvalidOperationException(
                            $"Row {firstRow + lane} has {end - begin} weights in window {window}, but its kernel takes {steps}.");
                    }

                    for (var k = begin; k < end; k++)
                    {
                        var at = ((nint)(k - begin) * lanes) + lane;
                        values[at] = rowValues[k];
                        var column = rowColumns[k] - (window * format.Window);
                        if (bytes == 4)
                        {
                            WriteTableBytes(indices + (4 * at), column);
                        }
                        else
                        {
                            indices[at] = checked((byte)column);
                        }
                    }

                    cursors[lane] = end;
                }

                values += (nint)steps * lanes;
                indices += (nint)steps * lanes * bytes;
            }
        }
    }

    private static int EndOfWindow(ReadOnlySpan<int> rowColumns, int begin, int window, int width)
    {
        var end = ((long)window + 1) * width;
        while (begin < rowColumns.Length && rowColumns[begin] < end)
        {
            begin++;
        }

        return begin;
    }

    private static void WriteTableBytes(byte* index, int column)
    {
        for (var i = 0; i < 4; i++)
        {
            index[i] = checked((byte)((4 * column) + i));
        }
    }
}
