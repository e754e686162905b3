using KernelGen.Generator.Text;

namespace KernelGen.Generator.Planning;

/// <summary>The shape of a layer's weights.</summary>
/// <param name="Out">Rows of W.</param>
/// <param name="In">Columns of W.</param>
internal sealed record LayerShape(int Out, int In)
{
    /// <summary>The emitted type's name, such as "Shape300x784".</summary>
    public string TypeName => $"Shape{Literal.Of(Out)}x{Literal.Of(In)}";
}
