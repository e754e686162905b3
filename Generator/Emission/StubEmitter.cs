using System.Linq;
using KernelGen.Generator.Model;

namespace KernelGen.Generator.Emission;

/// <summary>The emitted part of a model with errors: members that throw, so that only the model's errors are reported.</summary>
internal static class StubEmitter
{
    private const string Throw =
        "throw new global::System.InvalidOperationException(\"The build reported errors here; see its diagnostics.\")";

    public static void Write(SourceWriter writer, string declaration, StubSpec stub)
    {
        writer.Open(stub.IsModel ? $"{declaration} : {Names.ISparseModel}" : declaration);
        var isFirst = true;
        foreach (var property in stub.Properties)
        {
            Separate(writer, ref isFirst);
            Property(writer, property);
        }

        foreach (var member in InterfaceMember.All.Where(_ => stub.IsModel))
        {
            Separate(writer, ref isFirst);
            Member(writer, member, stub.TakenNames.Contains(member.Name) || stub.TakenNames.Contains("get_" + member.Name));
        }

        writer.Close();
    }

    private static void Separate(SourceWriter writer, ref bool isFirst)
    {
        if (!isFirst)
        {
            writer.Line();
        }

        isFirst = false;
    }

    private static void Property(SourceWriter writer, StubProperty property)
    {
        writer.Line(Names.GeneratedCode).Open(property.Head);
        foreach (var accessor in property.Accessors)
        {
            writer.Line($"{accessor} => {Throw};");
        }

        writer.Close();
    }

    private static void Member(SourceWriter writer, InterfaceMember member, bool isExplicit)
    {
        if (!isExplicit)
        {
            writer.Line("/// <inheritdoc/>");
        }

        writer.Line(Names.GeneratedCode);
        member.Write(writer, Throw, isExplicit);
    }
}
