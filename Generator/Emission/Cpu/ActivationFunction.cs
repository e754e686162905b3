using System;
using System.Collections.Generic;

namespace KernelGen.Generator.Emission.Cpu;

/// <summary>A method of the emitted activations: a skeleton that any dialect can spell, and the helpers that it calls.</summary>
internal sealed class ActivationFunction(
    string name, string summary, string remarks, Func<Dialect, IEnumerable<string>> body, params ActivationFunction[] helpers)
{
    public string Name { get; } = name;

    /// <summary>The function's formula, as XML text.</summary>
    public string Summary { get; } = summary;

    /// <summary>The method and the error that it makes, as XML text.</summary>
    public string Remarks { get; } = remarks;

    /// <summary>Whether the method takes a slope beside x.</summary>
    public bool HasSlope { get; init; }

    public IReadOnlyList<ActivationFunction> Helpers { get; } = helpers;

    /// <summary>The method's statements.</summary>
    public IEnumerable<string> Body(Dialect dialect) => body(dialect);
}
