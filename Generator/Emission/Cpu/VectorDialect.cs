using System;
using System.Collections.Generic;
using System.Linq;
using KernelGen.Generator.Planning;
using KernelGen.Generator.Text;

namespace KernelGen.Generator.Emission.Cpu;

/// <summary>What the SIMD dialects spell alike: the portable vector API, compiled to the width's own instructions.</summary>
internal abstract class VectorDialect : Dialect
{
    /// <summary>"Vector512", "Vector256" or "Vector128".</summary>
    protected abstract string Type { get; }

    /// <summary>The namespace of the intrinsics: "X86" or "Arm".</summary>
    protected abstract string Architecture { get; }

    public override string Vector => $"{Type}<float>";

    public override IEnumerable<string> Usings =>
        ["System.Runtime.Intrinsics", $"System.Runtime.Intrinsics.{Architecture}"];

    public override string Constant(float value) => value == 0 ? $"{Vector}.Zero" : $"{Type}.Create({Literal.Of(value)})";

    public override string Load(string pointer) => $"{Type}.Load({pointer})";

    public override string Store(string pointer, string value) => $"{Type}.Store({value}, {pointer});";

    public override string Broadcast(string pointer) => $"{Type}.Create({Dereference(pointer)})";

    public override string Fma(string a, string b, string c) => $"{Type}.FusedMultiplyAdd({a}, {b}, {c})";

    public override string Abs(string value) => $"{Type}.Abs({value})";

    public override string CopySign(string magnitude, string sign) => $"{Type}.CopySign({magnitude}, {sign})";

    public override string PowerOfTwo(string shifted) => $"({shifted}.AsInt32() << 23).AsSingle()";

    public override string SelectLess(string a, string b, string whereLess, string elsewhere)
        => $"{Type}.ConditionalSelect({Type}.LessThan({a}, {b}), {whereLess}, {elsewhere})";

    public override string Or(string a, string b) => $"{a} | {b}";

    public override string IsZero(string value) => $"{Type}.EqualsAll({value}, {Vector}.Zero)";

    public override string Columns(LaneIndex index, IEnumerable<int> columns) => $"{Type}.Create({string.Join(", ", columns.Select(Literal.Of))})";

    public override IEnumerable<string> StoreFolded(string pointer, string value, int rows)
    {
        var (lanes, type) = (Lanes, Type);
        while (lanes > Math.Max(rows, 4))
        {
            lanes /= 2;
            type = $"Vector{Literal.Of(32 * lanes)}";
            var half = $"{value}Folded";
            yield return $"{type}<float> {half} = {value}.GetLower() + {value}.GetUpper();";
            value = half;
        }

        if (rows == 1)
        {
            yield return $"{Dereference(pointer)} = {type}.Sum({value});";
        }
        else if (rows == 2)
        {
            yield return $"{value} += Vector128.Shuffle({value}, Vector128.Create(2, 3, 0, 1));";
            yield return $"*{Cast("double", pointer)} = {value}.AsDouble().ToScalar();";
        }
        else
        {
            yield return $"{type}.Store({value}, {pointer});";
        }
    }

    /// <summary>A helper that scatters; no instruction set here but AVX-512 could, and .NET doesn't offer that.</summary>
    protected IEnumerable<string> ScatterHelper =>
    [
        "",
        "/// <summary>A vector's lanes to as many places, whose numbers stand in memory.</summary>",
        "[MethodImpl(MethodImplOptions.AggressiveOptimization)]",
        $"public static void Scatter(float* pointer, int* places, {Vector} value)",
        "{",
        $"    float* lanes = stackalloc float[{Literal.Of(Lanes)}];",
        $"    {Type}.Store(value, lanes);",
        $"    for (int lane = 0; lane < {Literal.Of(Lanes)}; lane++)",
        "    {",
        "        pointer[places[lane]] = lanes[lane];",
        "    }",
        "}",
    ];

    public override string? Prefetch(string pointer) => Architecture == "X86" ? $"Sse.Prefetch0({pointer});" : null;

    public override string StoreFirst(string pointer, string value, string count) => $"StoreFirst({pointer}, {value}, {count});";

    public override string LoadFirst(string pointer, string count) => $"LoadFirst({pointer}, {count})";
}
