namespace KernelGen.Generator.Model;

/// <summary>A [SparseModel] class: everything that emission needs, nothing of the compilation.</summary>
/// <param name="AssemblyName">The compilation's assembly; it names the namespace of the kernels.</param>
/// <param name="Namespace">The class's namespace as C# writes it, or empty for the global one.</param>
/// <param name="Containers">The declarations around a nested class, outermost first, such as "partial class Outer&lt;T&gt;".</param>
/// <param name="Declaration">The class's own declaration, such as "partial class Mlp".</param>
/// <param name="Name">The class's name, without a leading @.</param>
/// <param name="HintName">The stem of the generated file's name, unique in the compilation but for case.</param>
/// <param name="Layers">The layers in declaration order; none in a stub.</param>
/// <param name="Prune">The model's [Prune], or null.</param>
/// <param name="Grow">The model's [Grow], or null.</param>
/// <param name="Training">Whether the kernels of gradients are emitted, too.</param>
/// <param name="Stub">For a model with errors, what is emitted instead; otherwise null.</param>
internal sealed record ModelSpec(
    string AssemblyName,
    string Namespace,
    EquatableArray<string> Containers,
    string Declaration,
    string Name,
    string HintName,
    EquatableArray<LayerSpec> Layers,
    PruneSpec? Prune,
    GrowSpec? Grow,
    bool Training,
    StubSpec? Stub);
