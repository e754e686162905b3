namespace KernelGen.Generator.Model;

/// <summary>A [Grow] attribute.</summary>
internal sealed record GrowSpec(Growth Growth, double Share, int Every, double End);
