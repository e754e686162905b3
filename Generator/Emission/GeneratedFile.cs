namespace KernelGen.Generator.Emission;

/// <summary>One file of the generator's output.</summary>
internal sealed record GeneratedFile(string HintName, string Text);
