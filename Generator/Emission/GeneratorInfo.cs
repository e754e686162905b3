namespace KernelGen.Generator.Emission;

/// <summary>What emitted files say of their maker.</summary>
internal static class GeneratorInfo
{
    public const string Version = "0.1.0";
}
