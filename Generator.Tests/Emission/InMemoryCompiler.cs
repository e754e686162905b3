using System.Reflection;
using KernelGen.Generator.Tests.Support;
using Microsoft.CodeAnalysis;

namespace KernelGen.Generator.Tests.Emission;

/// <summary>Compiles emitted text, optimised, and loads it.</summary>
internal static class InMemoryCompiler
{
    public static Assembly Load(params string[] sources)
    {
        var options = Source.Options.WithOptimizationLevel(OptimizationLevel.Release);
        using var image = new MemoryStream();
        var result = Source.Compile(Source.ParseOptions, options, sources).Emit(image);
        var problems = result.Diagnostics.Where(d => d.Severity >= DiagnosticSeverity.Warning).Select(d => d.ToString());
        Assert.Empty(problems);
        return Assembly.Load(image.ToArray());
    }
}
