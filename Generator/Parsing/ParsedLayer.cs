using KernelGen.Generator.Model;
using Microsoft.CodeAnalysis;

namespace KernelGen.Generator.Parsing;

/// <summary>A layer, still with its symbol: what checks across layers need.</summary>
internal sealed record ParsedLayer(LayerSpec Spec, IPropertySymbol Property, Location InFeaturesLocation);
