using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace KernelGen.Generator.Parsing;

/// <summary>Collects what is wrong with a model.</summary>
internal sealed class Problems
{
    private readonly ImmutableArray<Diagnostic>.Builder _found = ImmutableArray.CreateBuilder<Diagnostic>();

    /// <summary>Whether the model can't be emitted.</summary>
    public bool HasErrors { get; private set; }

    public ImmutableArray<Diagnostic> Found => _found.ToImmutable();

    public void Report(DiagnosticDescriptor rule, Location location, params object[] arguments)
    {
        _found.Add(Diagnostic.Create(rule, location, arguments));
        HasErrors |= rule.DefaultSeverity == DiagnosticSeverity.Error;
    }

    /// <summary>Notes an error that the compiler itself reports, such as a missing argument.</summary>
    public void LeaveToCompiler() => HasErrors = true;
}
