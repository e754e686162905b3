namespace KernelGen.Generator.Planning;

/// <summary>How a pack writes the columns of a lane; the members are those of the runtime's enum, which says what each means.</summary>
internal enum LaneIndex
{
    Column,
    TableBytes,
    Bits2,
    Bits4,
    Bits5,
}

/// <summary>The numbers of a <see cref="LaneIndex"/>.</summary>
internal static class LaneIndexes
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
}
