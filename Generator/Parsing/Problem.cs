using KernelGen.Generator.Model;
using Microsoft.CodeAnalysis;

namespace KernelGen.Generator.Parsing;

/// <summary>One thing that is wrong, and where.</summary>
internal sealed record Problem(DiagnosticDescriptor Rule, Location Location, EquatableArray<object> Arguments);
