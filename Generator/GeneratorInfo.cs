namespace KernelGen.Generator;

/// <summary>What emitted code says of its origin.</summary>
internal static class GeneratorInfo
{
    /// <summary>The tool's name in GeneratedCode attributes.</summary>
    public const string Name = "KernelGen";

    /// <summary>The tool's version, such as "0.1.0".</summary>
    public static string Version { get; } = typeof(GeneratorInfo).Assembly.GetName().Version.ToString(3);
}
