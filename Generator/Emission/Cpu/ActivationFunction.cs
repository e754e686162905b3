using System;
using System.Collections.Generic;

namespace KernelGen.Generator.Emission.Cpu;

/// <summary>A method of the emitted activations: its text in any dialect, and the helpers that it calls.</summary>
internal sealed class ActivationFunction(
    string name, string[] comment, Func<Dialect, IEnumerable<string>> body, params ActivationFunction[] helpers)
{
    public string Name { get; } = name;

    /// <summary>The method, and the error that it makes.</summary>
    public IReadOnlyList<string> Comment { get; } = comment;

    public IReadOnlyList<ActivationFunction> Helpers { get; } = helpers;

    public bool HasSlope { get; init; }

    /// <summary>The method's statements.</summary>
    public IEnumerable<string> Body(Dialect dialect) => body(dialect);
}
