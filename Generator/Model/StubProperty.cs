namespace KernelGen.Generator.Model;

/// <summary>A partial property that is implemented by throwing.</summary>
/// <param name="Head">The declaration up to its accessors, such as "public partial global::KernelGen.Linear Fc1".</param>
/// <param name="Accessors">The accessors with their modifiers, such as "get" and "private set".</param>
internal sealed record StubProperty(string Head, EquatableArray<string> Accessors);
