using System.Collections.Generic;
using KernelGen.Generator.Planning;

namespace KernelGen.Generator.Emission.Cpu;

/// <summary>x64 AVX2 with FMA: 16 registers of 8 floats.</summary>
internal sealed class Avx2Dialect : VectorDialect
{
    public override Target Target => Target.Avx2;

    protected override string Type => "Vector256";

    protected override string Architecture => "X86";

    // Masks are written out: one call more in each would exceed what the compiler at run time inlines into the largest tiles.
    public override IEnumerable<string> Helpers =>
    [
        "/// <summary>A vector's first lanes to memory, nothing beyond; count is at least 1, and may exceed the lanes.</summary>",
        "public static void StoreFirst(float* pointer, Vector256<float> value, int count)",
        "    => Avx.MaskStore(pointer, Vector256.LessThan(Vector256<int>.Indices, Vector256.Create(count)).AsSingle(), value);",
        "",
        "/// <summary>A vector's first lanes from memory, zeros beyond; count is at least 1, and may exceed the lanes.</summary>",
        "public static Vector256<float> LoadFirst(float* pointer, int count)",
        "    => Avx.MaskLoad(pointer, Vector256.LessThan(Vector256<int>.Indices, Vector256.Create(count)).AsSingle());",
        "",
        "/// <summary>For each lane, the one of 16 values that its column names.</summary>",
        "[MethodImpl(MethodImplOptions.AggressiveInlining)]",
        "public static Vector256<float> Pick(Vector256<float> low, Vector256<float> high, Vector256<int> column)",
        "    // A permute reads a column's low 3 bits; bit 3, moved to the sign, chooses between the halves.",
        "    => Avx.BlendVariable(",
        "        Avx2.PermuteVar8x32(low, column), Avx2.PermuteVar8x32(high, column), (column << 28).AsSingle());",
        .. ScatterHelper,
    ];

    // vmaxps and vminps answer with their second operand where either is NaN.
    public override string Max(string constant, string value) => $"Avx.Max({constant}, {value})";

    public override string Min(string constant, string value) => $"Avx.Min({constant}, {value})";

    public override IEnumerable<string> LoadWindow(Reach reach, string pointer, string suffix = "") => reach.Columns switch
    {
        4 => [$"Vector256<float> window{suffix} = Avx.BroadcastVector128ToVector256({pointer});"],
        8 => [$"Vector256<float> window{suffix} = Vector256.Load({pointer});"],
        _ =>
        [
            $"Vector256<float> low{suffix} = Vector256.Load({pointer});",
            $"Vector256<float> high{suffix} = Vector256.Load({SkeletonText.At(pointer, 8)});",
        ],
    };

    public override string LoadIndex(LaneIndex index, string pointer) => index == LaneIndex.Column
        ? $"Avx2.ConvertToVector256Int32({pointer})"
        : $"Vector256.Load({Cast("int", pointer)})";

    // The permutes read the low 2 or 3 bits of a lane's index: what lies above needn't be cleared.
    public override string Pick(Reach reach, string index, string suffix = "") => reach.Columns switch
    {
        4 => $"Avx.PermuteVar(window{suffix}, {index})",
        8 => $"Avx2.PermuteVar8x32(window{suffix}, {index})",
        _ => $"Pick(low{suffix}, high{suffix}, {index})",
    };

    public override string LoadHalves(Reach reach, string lower, string upper, string suffix = "")
        => $"Vector256<float> window{suffix} = Vector256.Create(Vector128.Load({lower}), Vector128.Load({upper}));";

    public override IEnumerable<string> SumProducts(string products, string result) => SumEight(products, result);

    /// <summary>Stores the sums of the lanes of eight neighbouring vectors; statements.</summary>
    public static IEnumerable<string> SumEight(string products, string result)
    {
        for (var i = 0; i < 8; i++)
        {
            yield return $"Vector256<float> r{i} = Vector256.Load({SkeletonText.At(products, 8 * i)});";
        }

        // In each half: pairs of vectors, then pairs of pairs; then the halves.
        for (var i = 0; i < 4; i++)
        {
            yield return $"Vector256<float> s{i} = Avx.UnpackLow(r{2 * i}, r{(2 * i) + 1}) + Avx.UnpackHigh(r{2 * i}, r{(2 * i) + 1});";
        }

        for (var i = 0; i < 2; i++)
        {
            var (a, b) = ($"s{2 * i}.AsDouble()", $"s{(2 * i) + 1}.AsDouble()");
            yield return $"Vector256<float> t{i} = Avx.UnpackLow({a}, {b}).AsSingle() + Avx.UnpackHigh({a}, {b}).AsSingle();";
        }

        yield return $"Vector256.Store(Avx.Permute2x128(t0, t1, 0x20) + Avx.Permute2x128(t0, t1, 0x31), {result});";
    }

    public override IEnumerable<string> Transpose()
    {
        for (var i = 0; i < 8; i += 2)
        {
            yield return $"var s{i} = Avx.UnpackLow(r{i}, r{i + 1});";
            yield return $"var s{i + 1} = Avx.UnpackHigh(r{i}, r{i + 1});";
        }

        for (var i = 0; i < 8; i += 4)
        {
            for (var j = 0; j < 2; j++)
            {
                yield return $"var t{i + (2 * j)} = Avx.UnpackLow(s{i + j}.AsDouble(), s{i + j + 2}.AsDouble()).AsSingle();";
                yield return $"var t{i + (2 * j) + 1} = Avx.UnpackHigh(s{i + j}.AsDouble(), s{i + j + 2}.AsDouble()).AsSingle();";
            }
        }

        for (var i = 0; i < 4; i++)
        {
            yield return $"r{i} = Avx.Permute2x128(t{i}, t{i + 4}, 0x20);";
            yield return $"r{i + 4} = Avx.Permute2x128(t{i}, t{i + 4}, 0x31);";
        }
    }
}
