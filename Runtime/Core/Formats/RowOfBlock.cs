namespace KernelGen.Formats;

/// <summary>A row's nonzeros in a block of columns.</summary>
/// <param name="columns">Their columns.</param>
/// <param name="values">Their values.</param>
/// <param name="length">How many.</param>
internal readonly unsafe struct RowOfBlock(int* columns, float* values, int length)
{
    /// <summary>Their columns.</summary>
    public int* Columns { get; } = columns;

    /// <summary>Their values.</summary>
    public float* Values { get; } = values;

    /// <summary>How many.</summary>
    public int Length { get; } = length;
}
