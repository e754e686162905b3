using System;
using System.Collections.Generic;
using System.Linq;
using KernelGen.Generator.Planning;

namespace KernelGen.Generator.Emission.Cpu;

/// <summary>
/// How one instruction set spells what the loop skeletons say: every member answers with C# text. Skeletons decide the loops, a
/// dialect the words. Plain arithmetic (+, -, *, /) is spelt alike everywhere.
/// </summary>
internal abstract class Dialect
{
    /// <summary>All dialects, in the order of <c>InstructionSet</c>, best last.</summary>
    public static IReadOnlyList<Dialect> All { get; } =
        [new ScalarDialect(), new NeonDialect(), new Avx2Dialect(), new Avx512Dialect()];

    public static Dialect Of(Target target) => All.Single(dialect => dialect.Target == target);

    /// <summary>The instruction set's numbers.</summary>
    public abstract Target Target { get; }

    /// <summary>The member of <c>InstructionSet</c>, and the suffix of emitted classes.</summary>
    public string Name => Target.Name;

    /// <summary>Floats in a vector.</summary>
    public int Lanes => Target.Lanes;

    /// <summary>The namespaces of the dialect's words.</summary>
    public abstract IEnumerable<string> Usings { get; }

    /// <summary>The type of a vector of floats.</summary>
    public abstract string Vector { get; }

    public abstract string Constant(float value);

    public abstract string Load(string pointer);

    public abstract string Store(string pointer, string value);

    /// <summary>One float of memory in all lanes.</summary>
    public abstract string Broadcast(string pointer);

    /// <summary>a * b + c, rounded once where the hardware can.</summary>
    public abstract string Fma(string a, string b, string c);

    /// <summary>Declares a factor, before its first use and after those in front of it; nothing where one of them brought it along.</summary>
    public virtual IEnumerable<string> LoadFactor(Factors factors, int factor)
        => [$"{Vector} {factors.Names[factor]} = {Broadcast(SkeletonText.At(factors.Pointer, factor))};"];

    /// <summary>A factor in all lanes * value + sum.</summary>
    public virtual string Fma(Factors factors, int factor, string value, string sum) => Fma(factors.Names[factor], value, sum);

    /// <summary>Declares what <see cref="FactorFma"/> needs of "factors" and "factor"; null where it needs no more.</summary>
    public virtual string? FactorVariable => $"{Vector} multiplier = {Broadcast("factors.At(factor)")};";

    /// <summary>The factor times a value, plus a sum.</summary>
    public virtual string FactorFma(string value, string sum) => Fma("multiplier", value, sum);

    /// <summary>The larger of a constant and a value; a NaN in the value stays.</summary>
    public abstract string Max(string constant, string value);

    /// <summary>The smaller of a constant and a value; a NaN in the value stays.</summary>
    public abstract string Min(string constant, string value);

    public abstract string Abs(string value);

    /// <summary>The magnitude of one, the sign of the other.</summary>
    public abstract string CopySign(string magnitude, string sign);

    /// <summary>
    /// 2 to the power n of the float n + 12583039, which is 1.5 * 2^23 + 127: its low bits hold the exponent's bits. n is in
    /// [-127, 128], and its ends give 0 and infinity.
    /// </summary>
    public abstract string PowerOfTwo(string shifted);

    /// <summary>Lanes of one value where a &lt; b, of the other elsewhere (also where a or b is NaN).</summary>
    public abstract string SelectLess(string a, string b, string whereLess, string elsewhere);

    /// <summary>Bitwise or; only used to collect NaNs.</summary>
    public abstract string Or(string a, string b);

    /// <summary>True where every lane is zero.</summary>
    public abstract string IsZero(string value);

    /// <summary>Declares what <see cref="Pick"/> needs of the activations from a pointer on, under names that end in a suffix.</summary>
    public abstract IEnumerable<string> LoadWindow(Reach reach, string pointer, string suffix = "");

    /// <summary>The words of all lanes, each of which holds the columns of one step or of several.</summary>
    public abstract string LoadIndex(LaneIndex index, string pointer);

    /// <summary>For each lane, the activation that the lane's column names: the lowest bits of its word.</summary>
    public abstract string Pick(Reach reach, string index, string suffix = "");

    /// <summary>What <see cref="Pick"/> takes to give each lane the activation of a column known beforehand.</summary>
    public virtual string Columns(LaneIndex index, IEnumerable<int> columns) => throw new NotSupportedException($"{Name} has no lanes to share.");

    /// <summary>Declares the window from two pointers: one for the lower half of the lanes, one for the upper.</summary>
    public virtual string LoadHalves(Reach reach, string lower, string upper, string suffix = "")
        => throw new NotSupportedException($"{Name} joins no halves.");

    /// <summary>Adds the lanes of equal rows, where lane l holds row l % rows, and stores the rows; statements.</summary>
    public virtual IEnumerable<string> StoreFolded(string pointer, string value, int rows) => [Store(pointer, value)];

    /// <summary>A vector's lanes to as many places, whose numbers stand in memory.</summary>
    public virtual string Scatter(string pointer, string places, string value) => $"Scatter({pointer}, {places}, {value});";

    /// <summary>A vector's first lanes to memory, nothing beyond; count is at least 1, and may exceed the lanes.</summary>
    public abstract string StoreFirst(string pointer, string value, string count);

    /// <summary>Helpers that a file of this dialect holds for the members above; may be empty.</summary>
    public virtual IEnumerable<string> Helpers => [];

    /// <summary>Whether loads and stores of a vector's first lanes cost no more than those of all.</summary>
    public virtual bool HasMasks => false;

    /// <summary>Asks for a cache line; a statement, or null where there is no such instruction.</summary>
    public virtual string? Prefetch(string pointer) => null;

    /// <summary>Transposes the square of vectors r0, r1 ... in place; statements.</summary>
    public abstract IEnumerable<string> Transpose();

    /// <summary>Stores the sum of lanes of each of as many neighbouring vectors as they have lanes; statements.</summary>
    public abstract IEnumerable<string> SumProducts(string products, string result);

    /// <summary>A vector's first lanes from memory, zeros beyond; count is at least 1, and may exceed the lanes.</summary>
    public abstract string LoadFirst(string pointer, string count);

    protected static string Cast(string type, string pointer) => $"({type}*){pointer}";

    /// <summary>What a pointer points to.</summary>
    protected static string Dereference(string pointer) => pointer[0] == '&' ? pointer.Substring(1) : $"*{pointer}";
}
