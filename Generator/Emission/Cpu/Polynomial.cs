using System.Collections.Generic;

namespace KernelGen.Generator.Emission.Cpu;

/// <summary>Polynomials as Horner chains of a dialect's multiply-adds.</summary>
internal static class Polynomial
{
    /// <summary>Statements that declare a local with the polynomial's value; the constant term comes first.</summary>
    public static IEnumerable<string> Horner(Dialect dialect, string name, string variable, IReadOnlyList<float> coefficients)
    {
        var last = coefficients.Count - 1;
        yield return $"var {name} = {dialect.Constant(coefficients[last])};";
        for (var i = last - 1; i >= 0; i--)
        {
            yield return $"{name} = {dialect.Fma(name, variable, dialect.Constant(coefficients[i]))};";
        }
    }
}
