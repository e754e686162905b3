using KernelGen.Generator.Model;
using KernelGen.Generator.Planning;
using KernelGen.Generator.Text;

namespace KernelGen.Generator.Emission;

/// <summary>The field that binds a model's layers to their kernels.</summary>
internal static class NetworkEmitter
{
    public static void Write(SourceWriter writer, ModelSpec model)
    {
        var kernels = "global::" + KernelNamespace.Of(model.AssemblyName);
        writer.Line("// A field with an initialiser, so that the class's constructors stay its author's.");
        writer.Line(Names.GeneratedCode);
        writer.Line("private readonly global::KernelGen.Dispatch.SparseNetwork _kernelGenNetwork = new(").Indent();
        writer.Line("KernelGenDescriptor.Value,");
        writer.Line("[").Indent();
        for (var i = 0; i < model.Layers.Count; i++)
        {
            var plan = LayerPlan.Of(model.Layers[i]);
            writer.Line($"new {Names.Linear}(").Indent();
            writer.Line($"KernelGenDescriptor.Value.Layers[{Literal.Of(i)}],");
            writer.Line($"sparse: {Sparse(kernels, plan)},");
            writer.Line($"dense: {kernels}.{plan.Dense.ClassName}.Kernels{(model.Training ? "," : "),")}");
            if (model.Training)
            {
                Training(writer, kernels, model.Layers[i]);
            }

            writer.Outdent();
        }

        writer.Outdent().Line("]);").Outdent();
    }

    private static void Training(SourceWriter writer, string kernels, LayerSpec layer)
    {
        var plan = LayerPlan.OfInputGradient(layer);
        var preactivation = LayerPlan.OfPreactivation(layer);
        writer.Line("training: new global::KernelGen.Dispatch.TrainingKernels(").Indent();
        writer.Line($"{Sparse(kernels, plan)}, {kernels}.{plan.Dense.ClassName}.Kernels,");
        writer.Line($"{kernels}.WeightGradients<{kernels}.{LayerPlan.Of(layer).Dense.Shape.TypeName}>.Kernels{(preactivation is null ? "))," : ",")}");
        if (preactivation is not null)
        {
            writer.Line($"sparsePreactivation: {Sparse(kernels, preactivation)},");
            writer.Line($"densePreactivation: {kernels}.{preactivation.Dense.ClassName}.Kernels)),");
        }

        writer.Outdent();
    }

    private static string Sparse(string kernels, LayerPlan plan) => plan.Sparse is null ? "null" : $"{kernels}.{plan.Sparse.ClassName}.Kernels";
}
