using System.Collections.Generic;
using System.Linq;
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
    /// <summary>Vectors of the widest strip of tiles and of rows.</summary>
    public const int MostVectors = 4;

    /// <summary>All strips of an instruction set that kernels may take, the narrowest first; panel CSR's may be wider.</summary>
    public static IEnumerable<Strip> Of(Target target)
        => Enumerable.Range(1, MostVectors)
            .Union(VariantTable.For(target).Csr.Select(variant => variant.Vectors))
            .Select(vectors => new Strip(target, vectors));

    /// <summary>Its type.</summary>
    public string TypeName => $"{Target.Name}Strip{Literal.Of(Vectors)}";
}
