using System.Linq;
using KernelGen.Generator.Model;

namespace KernelGen.Generator.Emission;

/// <summary>The emitted part of a model with errors: members that throw, so that only the model's own errors are reported.</summary>
internal static class StubEmitter
{
    private const string Throw =
        "throw new global::System.InvalidOperationException(\"This model has errors; see the build's diagnostics.\")";

    public static void Write(SourceWriter writer, string declaration, StubSpec stub)
    {
        writer.Open(stub.IsModel ? $"{declaration} : {Names.ISparseModel}" : declaration);
        foreach (var property in stub.Properties)
        {
            writer.Line(Names.GeneratedCode).Open(property.Head);
            foreach (var accessor in property.Accessors)
            {
                writer.Line($"{accessor} => {Throw};");
            }

            writer.Close().Line();
        }

        foreach (var member in InterfaceMember.All.Where(_ => stub.IsModel))
        {
            var isExplicit = stub.TakenNames.Contains(member.Name) || stub.TakenNames.Contains("get_" + member.Name);
            if (!isExplicit)
            {
                writer.Line("/// <inheritdoc/>");
            }

            writer.Line(Names.GeneratedCode);
            member.Write(writer, Throw, isExplicit);
            writer.Line();
        }

        writer.Close();
    }
}
