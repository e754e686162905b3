namespace KernelGen.Generator.Emission;

/// <summary>Full names, as they stand in a model's file: beside a user's code, short ones could mean anything.</summary>
internal static class Names
{
    public const string Linear = "global::KernelGen.Linear";
    public const string ISparseModel = "global::KernelGen.ISparseModel";
    public const string ModelDescriptor = "global::KernelGen.ModelDescriptor";
    public const string LayerDescriptor = "global::KernelGen.LayerDescriptor";

    public static string GeneratedCode { get; } =
        $"[global::System.CodeDom.Compiler.GeneratedCode(\"{GeneratorInfo.Name}\", \"{GeneratorInfo.Version}\")]";
}
