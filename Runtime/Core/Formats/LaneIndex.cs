namespace KernelGen.Formats;

/// <summary>
/// How a lane's columns are written: a word for each lane holds the columns of one step or of several, the first in the lowest
/// bits. A column counts from the first one that a permute can reach.
/// </summary>
public enum LaneIndex
{
    /// <summary>A byte: one column.</summary>
    Column,

    /// <summary>Four bytes 4c, 4c+1, 4c+2, 4c+3: one column c, for a byte-wise table look-up.</summary>
    TableBytes,

    /// <summary>Four bytes: sixteen columns of 2 bits.</summary>
    Bits2,

    /// <summary>Four bytes: eight columns of 4 bits.</summary>
    Bits4,

    /// <summary>Two bytes: three columns of 5 bits.</summary>
    Bits5,
}

/// <summary>Writes columns as a <see cref="LaneIndex"/> says.</summary>
internal static unsafe class LaneIndexWriter
{
    /// <summary>Steps whose columns one word holds.</summary>
    public static int StepsPerWord(this LaneIndex index) => index switch
    {
        LaneIndex.Bits2 => 16,
        LaneIndex.Bits4 => 8,
        LaneIndex.Bits5 => 3,
        _ => 1,
    };

    /// <summary>Bytes of a word.</summary>
    public static int WordBytes(this LaneIndex index) => index switch
    {
        LaneIndex.Column => 1,
        LaneIndex.Bits5 => 2,
        _ => 4,
    };

    /// <summary>Writes the column of one of a word's steps; the word was zero before its first.</summary>
    public static void Write(this LaneIndex index, byte* word, int step, int column)
    {
        switch (index)
        {
            case LaneIndex.Column:
                *word = checked((byte)column);
                break;
            case LaneIndex.TableBytes:
                for (var i = 0; i < 4; i++)
                {
                    word[i] = checked((byte)((4 * column) + i));
                }

                break;
            case LaneIndex.Bits5:
                *(ushort*)word |= (ushort)(column << (5 * step));
                break;
            default:
                *(uint*)word |= (uint)column << ((index == LaneIndex.Bits2 ? 2 : 4) * step);
                break;
        }
    }
}
