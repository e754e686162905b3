using KernelGen.Generator.Text;

namespace KernelGen.Generator.Planning;

/// <summary>
/// Neighbouring floats in registers: a type argument of those kernels whose text all instruction sets share. It says how many vectors there are, and of
/// which instruction set.
/// </summary>
/// <param name="Target">The instruction set.</param>
/// <param name="Vectors">Its vectors.</param>
internal sealed record Strip(Target Target, int Vectors)
{
    /// <summary>The emitted type.</summary>
    public string TypeName => $"{Target.Name}Strip{Literal.Of(Vectors)}";
}
