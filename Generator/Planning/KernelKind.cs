using System;
using KernelGen.Generator.Model;
using KernelGen.Generator.Text;

namespace KernelGen.Generator.Planning;

/// <summary>What distinguishes kernels: layers of equal kind share one table of emitted kernels.</summary>
/// <param name="Out">Rows of W.</param>
/// <param name="In">Columns of W.</param>
/// <param name="Pattern">The pattern; its target sparsity is left at 0, since it doesn't change the code.</param>
/// <param name="Activation">The fused activation.</param>
/// <param name="NegativeSlope">LeakyRelu's slope; 0 for all others.</param>
internal sealed record KernelKind(int Out, int In, SparsitySpec Pattern, Activation Activation, float NegativeSlope)
{
    /// <summary>The emitted class's name, such as "Linear300x784UnstructuredRelu".</summary>
    public string ClassName => $"Linear{Literal.Of(Out)}x{Literal.Of(In)}{PatternName}{ActivationName}";

    /// <summary>The activation and its slope.</summary>
    public FusedActivation Fused => new(Activation, NegativeSlope);

    /// <summary>The shape of W.</summary>
    public LayerShape Shape => new(Out, In);

    private string PatternName => Pattern switch
    {
        DenseSpec => "Dense",
        UnstructuredSpec => "Unstructured",
        NMSpec p => $"NM{Literal.Of(p.N)}of{Literal.Of(p.M)}",
        BlockSpec p => $"Block{Literal.Of(p.Rows)}x{Literal.Of(p.Columns)}",
        _ => throw new InvalidOperationException($"No name for {Pattern}."),
    };

    private string ActivationName => Activation == Activation.None ? "" : Fused.TypeName;
}
