using KernelGen.Generator.Model;

namespace KernelGen.Generator.Parsing;

/// <summary>What was read at one declaration.</summary>
/// <param name="Model">What is emitted for it; null for nothing.</param>
/// <param name="Problems">What is wrong with it. They hold locations, so that nothing emitted may depend on them.</param>
internal sealed record Parsed(ModelSpec? Model, EquatableArray<Problem> Problems)
{
    public static Parsed Nothing { get; } = new(null, EquatableArray<Problem>.Empty);
}
