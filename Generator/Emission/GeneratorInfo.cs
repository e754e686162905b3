namespace KernelGen.Generator.Emission;

/// <summary>Who wrote the emitted files.</summary>
internal static class GeneratorInfo
{
    public const string Name = "KernelGen";

    public const string Version = "0.1.0";

    /// <summary>The attribute that every emitted type carries; it needs the namespace System.CodeDom.Compiler.</summary>
    public const string Attribute = $"[GeneratedCode(\"{Name}\", \"{Version}\")]";
}
