using System.Runtime.CompilerServices;

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

    /// <summary>Bits of a column, where a word holds several.</summary>
    public static int Bits(this LaneIndex index) => index switch
    {
        LaneIndex.Bits2 => 2,
        LaneIndex.Bits4 => 4,
        LaneIndex.Bits5 => 5,
        _ => 0,
    };

    /// <summary>A step's column where it stands in its word.</summary>
    public static uint Place(this LaneIndex index, int step, int column) => Place(index.Scale(), index.Offset(), index.Bits() * step, column);

    /// <summary>The same from the index's numbers, for loops.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Place(uint scale, uint offset, int shift, int column) => (((uint)column * scale) + offset) << shift;

    /// <summary>What a column is multiplied by: a table look-up of bytes names each of the four.</summary>
    public static uint Scale(this LaneIndex index) => index == LaneIndex.TableBytes ? 0x04040404u : 1;

    /// <summary>What is added to it.</summary>
    public static uint Offset(this LaneIndex index) => index == LaneIndex.TableBytes ? 0x03020100u : 0;

    /// <summary>Writes a whole word.</summary>
    public static void Store(this LaneIndex index, byte* word, uint bits)
    {
        switch (index.WordBytes())
        {
            case 1:
                *word = (byte)bits;
                break;
            case 2:
                *(ushort*)word = (ushort)bits;
                break;
            default:
                *(uint*)word = bits;
                break;
        }
    }

    /// <summary>Adds a step's bits to a word that held column 0 in each step.</summary>
    public static void Add(this LaneIndex index, byte* word, uint bits) => index.Store(word, index.Load(word) | bits);

    private static uint Load(this LaneIndex index, byte* word) => index.WordBytes() switch
    {
        1 => *word,
        2 => *(ushort*)word,
        _ => *(uint*)word,
    };
}
