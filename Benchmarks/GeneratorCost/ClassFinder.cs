using Microsoft.CodeAnalysis;

namespace KernelGen.Benchmarks.GeneratorCost;

/// <summary>Finds the marked classes and does nothing with them: what is the driver's own, and the least that any generator of models can take.</summary>
internal sealed class ClassFinder : IIncrementalGenerator
{
    public void Initialize(IncrementalGeneratorInitializationContext context)
        => context.RegisterSourceOutput(
            context.SyntaxProvider.ForAttributeWithMetadataName(
                "KernelGen.SparseModelAttribute", static (_, _) => true, static (found, _) => found.TargetSymbol.Name),
            static (_, _) => { });
}
