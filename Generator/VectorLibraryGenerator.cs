using KernelGen.Generator.Emission.Cpu.Library;
using Microsoft.CodeAnalysis;

namespace KernelGen.Generator;

/// <summary>Emits what all models' kernels are written in, where the build asks for it: the runtime library's does, no other.</summary>
[Generator(LanguageNames.CSharp)]
public sealed class VectorLibraryGenerator : IIncrementalGenerator
{
    private const string Property = "build_property.KernelGenVectorLibrary";

    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        var asked = context.AnalyzerConfigOptionsProvider
            .Select(static (options, _) => options.GlobalOptions.TryGetValue(Property, out var value) ? value : "");
        context.RegisterSourceOutput(
            asked,
            static (production, value) =>
            {
                foreach (var file in value == "true" ? VectorLibrary.Emit() : [])
                {
                    KernelGenerator.AddFile(production, file);
                }
            });
    }
}
