using System.Collections.Generic;
using System.Linq;
using KernelGen.Generator.Planning;
using KernelGen.Generator.Text;

namespace KernelGen.Generator.Emission.Cpu;

/// <summary>Arm AdvSimd: 32 registers of 4 floats, byte-wise table look-ups over four registers.</summary>
internal sealed class NeonDialect : VectorDialect
{
    public override Target Target => Target.Neon;

    protected override string Type => "Vector128";

    protected override string Architecture => "Arm";

    public override IEnumerable<string> Helpers =>
    [
        "/// <summary>A vector's first lanes to memory, nothing beyond; count is at least 1, and may exceed the lanes.</summary>",
        "public static void StoreFirst(float* pointer, Vector128<float> value, int count)",
        "{",
        "    if (count >= 4)",
        "    {",
        "        Vector128.Store(value, pointer);",
        "        return;",
        "    }",
        "",
        "    AdvSimd.StoreSelectedScalar(pointer, value, 0);",
        "    if (count > 1)",
        "    {",
        "        AdvSimd.StoreSelectedScalar(&pointer[1], value, 1);",
        "    }",
        "",
        "    if (count > 2)",
        "    {",
        "        AdvSimd.StoreSelectedScalar(&pointer[2], value, 2);",
        "    }",
        "}",
        "",
        "/// <summary>A vector's first lanes from memory, zeros beyond; count is at least 1, and may exceed the lanes.</summary>",
        "public static Vector128<float> LoadFirst(float* pointer, int count) => count switch",
        "{",
        "    1 => Vector128.CreateScalar(*pointer),",
        "    2 => Vector128.Create(Vector64.Load(pointer), Vector64<float>.Zero),",
        "    3 => Vector128.Create(Vector64.Load(pointer), Vector64.CreateScalar(pointer[2])),",
        "    _ => Vector128.Load(pointer),",
        "};",
        .. ScatterHelper,
    ];

    // fmax and fmin answer NaN where either is NaN.
    public override string Max(string constant, string value) => $"AdvSimd.Max({constant}, {value})";

    public override string Min(string constant, string value) => $"AdvSimd.Min({constant}, {value})";

    /// <summary>A multiply-add takes one lane of a vector: four factors share a load, and none is broadcast.</summary>
    public override IEnumerable<string> LoadFactor(Factors factors, int factor)
    {
        var (first, count) = Together(factors, factor);
        if (factor == first)
        {
            var pointer = SkeletonText.At(factors.Pointer, first);
            yield return count switch
            {
                4 => $"{Vector} {Register(factors, first, count)} = {Load(pointer)};",
                2 => $"Vector64<float> {Register(factors, first, count)} = Vector64.Load({pointer});",
                _ => $"Vector64<float> {Register(factors, first, count)} = Vector64.CreateScalarUnsafe({Dereference(pointer)});",
            };
        }
    }

    public override string Fma(Factors factors, int factor, string value, string sum)
    {
        var (first, count) = Together(factors, factor);
        return $"AdvSimd.Arm64.FusedMultiplyAddBySelectedScalar({sum}, {value}, {Register(factors, first, count)}, {Literal.Of(factor - first)})";
    }

    /// <summary>The factors that share a register with one: fours from the front, then two, then one, so that nothing behind them is read.</summary>
    private static (int First, int Count) Together(Factors factors, int factor)
    {
        var first = factor / 4 * 4;
        return (factors.Names.Count - first) switch
        {
            >= 4 => (first, 4),
            >= 2 when factor < first + 2 => (first, 2),
            _ => (factor, 1),
        };
    }

    /// <summary>Such as "w0To3".</summary>
    private static string Register(Factors factors, int first, int count)
    {
        var (name, last) = (factors.Names[first], factors.Names[first + count - 1]);
        return count == 1 ? name : $"{name}To{last.Substring(name.TakeWhile((letter, i) => letter == last[i]).Count())}";
    }

    public override string? FactorVariable => null;

    public override string FactorFma(string value, string sum) => $"AdvSimd.Arm64.FusedMultiplyAddBySelectedScalar({sum}, {value}, factors.Lanes, factor)";

    /// <summary>As many registers as the reach has: the fewer, the faster the look-up.</summary>
    public override IEnumerable<string> LoadWindow(Reach reach, string pointer, string suffix = "")
    {
        var registers = Enumerable.Range(0, reach.Columns / Lanes).Select(register => $"{Load(SkeletonText.At(pointer, register * Lanes))}.AsByte()").ToList();
        return [$"var window{suffix} = {(registers.Count == 1 ? registers[0] : $"({string.Join(", ", registers)})")};"];
    }

    public override string LoadIndex(LaneIndex index, string pointer) => $"Vector128.Load({pointer})";

    public override string Pick(Reach reach, string index, string suffix = "")
        => $"AdvSimd.Arm64.VectorTableLookup(window{suffix}, {index}).AsSingle()";

    public override string Columns(LaneIndex index, IEnumerable<int> columns)
        => $"Vector128.Create((byte){string.Join(", ", columns.SelectMany(column => Enumerable.Range(4 * column, 4)).Select(Literal.Of))})";

    public override IEnumerable<string> SumProducts(string products, string result) =>
    [
        $"Vector128<float> lower = AdvSimd.Arm64.AddPairwise({Load(products)}, {Load(SkeletonText.At(products, 4))});",
        $"Vector128<float> upper = AdvSimd.Arm64.AddPairwise({Load(SkeletonText.At(products, 8))}, {Load(SkeletonText.At(products, 12))});",
        Store(result, "AdvSimd.Arm64.AddPairwise(lower, upper)"),
    ];

    public override IEnumerable<string> Transpose()
    {
        yield return "var s0 = AdvSimd.Arm64.TransposeEven(r0, r1);";
        yield return "var s1 = AdvSimd.Arm64.TransposeOdd(r0, r1);";
        yield return "var s2 = AdvSimd.Arm64.TransposeEven(r2, r3);";
        yield return "var s3 = AdvSimd.Arm64.TransposeOdd(r2, r3);";
        yield return "r0 = AdvSimd.Arm64.TransposeEven(s0.AsDouble(), s2.AsDouble()).AsSingle();";
        yield return "r1 = AdvSimd.Arm64.TransposeEven(s1.AsDouble(), s3.AsDouble()).AsSingle();";
        yield return "r2 = AdvSimd.Arm64.TransposeOdd(s0.AsDouble(), s2.AsDouble()).AsSingle();";
        yield return "r3 = AdvSimd.Arm64.TransposeOdd(s1.AsDouble(), s3.AsDouble()).AsSingle();";
    }
}
