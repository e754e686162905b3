using System.Collections.Generic;
using KernelGen.Generator.Model;
using Microsoft.CodeAnalysis;

namespace KernelGen.Generator.Parsing;

/// <summary>Collects what is wrong with a model.</summary>
internal sealed class Problems
{
    private readonly List<Problem> _found = [];

    /// <summary>Whether the model can't be emitted.</summary>
    public bool HasErrors { get; private set; }

    public EquatableArray<Problem> Found => _found.ToEquatableArray();

    public void Report(DiagnosticDescriptor rule, Location location, params object[] arguments)
    {
        _found.Add(new Problem(rule, location, arguments.ToEquatableArray()));
        HasErrors |= rule.DefaultSeverity == DiagnosticSeverity.Error;
    }

    /// <summary>Notes an error that the compiler itself reports, such as a missing argument.</summary>
    public void LeaveToCompiler() => HasErrors = true;
}
