using System.Numerics;

namespace KernelGen.Formats;

/// <summary>Divides columns by one number, many times: by a shift where that is a power of two, as most groups and blocks are.</summary>
/// <param name="divisor">From 1 on.</param>
internal readonly struct Divider(int divisor)
{
    private readonly int _divisor = divisor;
    private readonly int _shift = BitOperations.IsPow2(divisor) ? BitOperations.Log2((uint)divisor) : -1;

    /// <summary>The whole quotient of a number that isn't negative.</summary>
    public int Quotient(int value) => _shift >= 0 ? value >> _shift : value / _divisor;
}
