namespace KernelGen.Generator.Model;

/// <summary>A [SparseModel] class: everything that emission needs, nothing of the compilation.</summary>
/// <param name="AssemblyName">The compilation's assembly; it names the namespace of the kernels.</param>
/// <param name="Namespace">The class's namespace, or empty for the global one.</param>
/// <param name="Containers">The declarations around a nested class, outermost first, such as "partial class Outer&lt;T&gt;".</param>
/// <param name="Name">The class's name, without a leading @.</param>
/// <param name="HintName">The stem of the generated file's name, unique in the compilation.</param>
/// <param name="Layers">The layers in declaration order.</param>
/// <param name="Prune">The model's [Prune], or null.</param>
/// <param name="IsStub">True for a model with errors: emit just enough that no error of the compiler's own follows.</param>
internal sealed record ModelSpec(
    string AssemblyName,
    string Namespace,
    EquatableArray<string> Containers,
    string Name,
    string HintName,
    EquatableArray<LayerSpec> Layers,
    PruneSpec? Prune,
    bool IsStub);
