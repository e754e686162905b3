using System.Collections.Generic;
using KernelGen.Generator.Planning;

namespace KernelGen.Generator.Emission.Cpu;

/// <summary>x64 AVX-512: 32 registers of 16 floats, permutes over two registers, masks.</summary>
internal sealed class Avx512Dialect : VectorDialect
{
    public override Target Target => Target.Avx512;

    protected override string Type => "Vector512";

    protected override string Architecture => "X86";

    // Masks are written out: one call more in each would exceed what the compiler at run time inlines into the largest tiles.
    public override IEnumerable<string> Helpers =>
    [
        "/// <summary>A vector's first lanes to memory, nothing beyond; count is at least 1, and may exceed the lanes.</summary>",
        "public static void StoreFirst(float* pointer, Vector512<float> value, int count)",
        "    => Avx512F.MaskStore(pointer, Vector512.LessThan(Vector512<int>.Indices, Vector512.Create(count)).AsSingle(), value);",
        "",
        "/// <summary>A vector's first lanes from memory, zeros beyond; count is at least 1, and may exceed the lanes.</summary>",
        "public static Vector512<float> LoadFirst(float* pointer, int count)",
        "    => Avx512F.MaskLoad(pointer, Vector512.LessThan(Vector512<int>.Indices, Vector512.Create(count)).AsSingle(), Vector512<float>.Zero);",
        "",
        "/// <summary>One vector of two halves; Vector512.Create would wait for what its register held before.</summary>",
        "[MethodImpl(MethodImplOptions.AggressiveInlining)]",
        "public static Vector512<float> Join(Vector256<float> lower, Vector256<float> upper)",
        "    => lower.ToVector512Unsafe().WithUpper(upper);",
        .. ScatterHelper,
    ];

    // vmaxps and vminps answer with their second operand where either is NaN.
    public override string Max(string constant, string value) => $"Avx512F.Max({constant}, {value})";

    public override string Min(string constant, string value) => $"Avx512F.Min({constant}, {value})";

    public override IEnumerable<string> LoadWindow(Reach reach, string pointer, string suffix = "") => reach.Columns switch
    {
        4 => [$"Vector512<float> window{suffix} = Avx512F.BroadcastVector128ToVector512({pointer});"],
        16 => [$"Vector512<float> window{suffix} = Vector512.Load({pointer});"],
        _ =>
        [
            $"Vector512<float> low{suffix} = Vector512.Load({pointer});",
            $"Vector512<float> high{suffix} = Vector512.Load({SkeletonText.At(pointer, 16)});",
        ],
    };

    public override string LoadIndex(LaneIndex index, string pointer) => index == LaneIndex.Bits5
        ? $"Avx512F.ConvertToVector512Int32(Vector256.Load({Cast("ushort", pointer)}))"
        : $"Vector512.Load({Cast("int", pointer)})";

    // Each reads the low 2, 4 or 5 bits of a lane's index: what lies above needn't be cleared.
    public override string Pick(Reach reach, string index, string suffix = "") => reach.Columns switch
    {
        4 => $"Avx512F.PermuteVar4x32(window{suffix}, {index})",
        16 => $"Avx512F.PermuteVar16x32(window{suffix}, {index})",
        _ => $"Avx512F.PermuteVar16x32x2(low{suffix}, {index}, high{suffix})",
    };

    public override string LoadHalves(Reach reach, string lower, string upper, string suffix = "")
    {
        var load = reach.Columns == 4 ? "Avx.BroadcastVector128ToVector256" : "Vector256.Load";
        return $"Vector512<float> window{suffix} = Join({load}({lower}), {load}({upper}));";
    }

    public override bool HasMasks => true;

    public override IEnumerable<string> SumProducts(string products, string result) => Avx2Dialect.SumEight(products, result);

    public override IEnumerable<string> Transpose()
    {
        // Pairs of rows, pairs of pairs, then 128-bit quarters twice.
        for (var i = 0; i < 16; i += 2)
        {
            yield return $"var s{i} = Avx512F.UnpackLow(r{i}, r{i + 1});";
            yield return $"var s{i + 1} = Avx512F.UnpackHigh(r{i}, r{i + 1});";
        }

        for (var i = 0; i < 16; i += 4)
        {
            for (var j = 0; j < 2; j++)
            {
                yield return $"var t{i + (2 * j)} = Avx512F.UnpackLow(s{i + j}.AsDouble(), s{i + j + 2}.AsDouble()).AsSingle();";
                yield return $"var t{i + (2 * j) + 1} = Avx512F.UnpackHigh(s{i + j}.AsDouble(), s{i + j + 2}.AsDouble()).AsSingle();";
            }
        }

        for (var i = 0; i < 4; i++)
        {
            yield return $"var u{i} = Avx512F.Shuffle4x128(t{i}, t{i + 4}, 0x88);";
            yield return $"var u{i + 4} = Avx512F.Shuffle4x128(t{i}, t{i + 4}, 0xdd);";
            yield return $"var u{i + 8} = Avx512F.Shuffle4x128(t{i + 8}, t{i + 12}, 0x88);";
            yield return $"var u{i + 12} = Avx512F.Shuffle4x128(t{i + 8}, t{i + 12}, 0xdd);";
        }

        for (var i = 0; i < 4; i++)
        {
            yield return $"r{i} = Avx512F.Shuffle4x128(u{i}, u{i + 8}, 0x88);";
            yield return $"r{i + 8} = Avx512F.Shuffle4x128(u{i}, u{i + 8}, 0xdd);";
            yield return $"r{i + 4} = Avx512F.Shuffle4x128(u{i + 4}, u{i + 12}, 0x88);";
            yield return $"r{i + 12} = Avx512F.Shuffle4x128(u{i + 4}, u{i + 12}, 0xdd);";
        }
    }
}
