namespace KernelGen.Generator.Model;

/// <summary>What a model with errors still needs, so that the user reads our diagnostic and none of the compiler's own.</summary>
/// <param name="IsModel">Whether the type may implement ISparseModel: an instance class.</param>
/// <param name="TakenNames">Names of emitted members that a member of the user's already has.</param>
/// <param name="Properties">The partial properties that wait for an implementing part.</param>
internal sealed record StubSpec(bool IsModel, EquatableArray<string> TakenNames, EquatableArray<StubProperty> Properties);
