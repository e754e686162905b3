using System.Collections.Generic;
using KernelGen.Generator.Planning;

namespace KernelGen.Generator.Emission.Cpu;

/// <summary>x64 AVX2 with FMA: 16 registers of 8 floats.</summary>
internal sealed class Avx2Dialect : VectorDialect
{
    public override Target Target => Target.Avx2;

    protected override string Type => "Vector256";

    public override IEnumerable<string> Helpers =>
    [
        "private static Vector256<float> First(int count)",
        "    => Vector256.LessThan(Vector256<int>.Indices, Vector256.Create(count)).AsSingle();",
        "",
        "public static void StoreFirst(float* pointer, Vector256<float> value, int count)",
        "    => Avx.MaskStore(pointer, First(count), value);",
        "",
        "public static Vector256<float> LoadFirst(float* pointer, int count)",
        "    => Avx.MaskLoad(pointer, First(count));",
        "",
        "// A permute reads an index's low 3 bits; bit 3, moved to the sign, chooses between the halves.",
        "[MethodImpl(MethodImplOptions.AggressiveInlining)]",
        "public static Vector256<float> Pick(Vector256<float> low, Vector256<float> high, Vector256<int> index)",
        "    => Avx.BlendVariable(",
        "        Avx2.PermuteVar8x32(low, index), Avx2.PermuteVar8x32(high, index), (index << 28).AsSingle());",
    ];

    // vmaxps and vminps answer with their second operand where either is NaN.
    public override string Max(string constant, string value) => $"Avx.Max({constant}, {value})";

    public override string Min(string constant, string value) => $"Avx.Min({constant}, {value})";

    public override IEnumerable<string> LoadWindow(string pointer) =>
    [
        $"var low = Vector256.Load({pointer});",
        $"var high = Vector256.Load({pointer} + 8);",
    ];

    public override string Pick(string indexPointer) => $"Pick(low, high, Avx2.ConvertToVector256Int32({indexPointer}))";

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
