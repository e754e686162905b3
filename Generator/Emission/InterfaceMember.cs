using System.Collections.Generic;

namespace KernelGen.Generator.Emission;

/// <summary>A member of ISparseModel as a model implements it.</summary>
/// <param name="Modifiers">"static " or nothing.</param>
/// <param name="Type">The type of its value.</param>
/// <param name="Name">The name.</param>
/// <param name="Parameters">The parameters in parentheses; empty for a property.</param>
/// <param name="Body">The expression that implements it.</param>
internal sealed record InterfaceMember(string Modifiers, string Type, string Name, string Parameters, string Body)
{
    private const string Spans = "global::System.ReadOnlySpan<float> input, global::System.Span<float> output, int batch";
    private const string Renaming = "global::System.Collections.Generic.IReadOnlyDictionary<string, string>? names = null";

    public static IReadOnlyList<InterfaceMember> All { get; } =
    [
        new("static ", Names.ModelDescriptor, "Descriptor", "", "KernelGenDescriptor.Value"),
        new("", $"global::System.Collections.Generic.IReadOnlyList<{Names.Linear}>", "Layers", "", "_kernelGenNetwork.Layers"),
        new("", "void", "Forward", $"({Spans})", "_kernelGenNetwork.Forward(input, output, batch)"),
        new("", "void", "Forward", $"({Spans}, global::KernelGen.Layout layout)",
            "_kernelGenNetwork.Forward(input, output, batch, layout)"),
        new("", "void", "Load", $"(string path, {Renaming})", "_kernelGenNetwork.Load(path, names)"),
        new("", "void", "Load", $"(global::System.IO.Stream stream, {Renaming})", "_kernelGenNetwork.Load(stream, names)"),
        new("", "void", "Save", "(string path)", "_kernelGenNetwork.Save(path)"),
        new("", "void", "Save", "(global::System.IO.Stream stream)", "_kernelGenNetwork.Save(stream)"),
    ];

    /// <summary>Writes the member, public or as an explicit implementation.</summary>
    public void Write(SourceWriter writer, string body, bool isExplicit)
    {
        var head = isExplicit
            ? $"{Modifiers}{Type} {Names.ISparseModel}.{Name}{Parameters.Replace(" = null", "")}"
            : $"public {Modifiers}{Type} {Name}{Parameters}";
        if (head.Length + body.Length > 110)
        {
            writer.Line(head).Indent().Line($"=> {body};").Outdent();
        }
        else
        {
            writer.Line($"{head} => {body};");
        }
    }
}
