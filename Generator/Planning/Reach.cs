namespace KernelGen.Generator.Planning;

/// <summary>How a lane's activation can be chosen by one permute or look-up.</summary>
/// <param name="Columns">Among how many neighbouring columns.</param>
/// <param name="Index">How the pack writes which.</param>
internal sealed record Reach(int Columns, LaneIndex Index);
