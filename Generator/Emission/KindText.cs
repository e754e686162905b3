using System;
using KernelGen.Generator.Model;
using KernelGen.Generator.Planning;
using KernelGen.Generator.Text;

namespace KernelGen.Generator.Emission;

/// <summary>Kinds and targets in words, for comments.</summary>
internal static class KindText
{
    public static string Summary(KernelKind kind)
        => $"W [{Literal.Of(kind.Out)} x {Literal.Of(kind.In)}], {Pattern(kind.Pattern)}{(kind.Activation == KernelGen.Activation.None ? "" : $", then {Activation(kind.Fused)}")}";

    public static string TargetName(Target target) => target.Name switch
    {
        "Avx512" => "AVX-512",
        "Avx2" => "AVX2 with FMA",
        "Neon" => "NEON (AdvSimd)",
        _ => "any machine",
    };

    private static string Pattern(SparsitySpec pattern) => pattern switch
    {
        DenseSpec => "dense",
        UnstructuredSpec => "unstructured",
        NMSpec p => $"{Literal.Of(p.N)}:{Literal.Of(p.M)} (keeps {Literal.Of(p.N)} of {Literal.Of(p.M)})",
        BlockSpec p => $"blocks of {Literal.Of(p.Rows)} x {Literal.Of(p.Columns)}",
        _ => throw new InvalidOperationException($"No words for {pattern}."),
    };

    public static string Activation(FusedActivation fused) => fused.Activation switch
    {
        KernelGen.Activation.None => "No activation",
        KernelGen.Activation.LeakyRelu => $"LeakyRelu with slope {Literal.Of(fused.NegativeSlope).TrimEnd('f')}",
        _ => $"{fused.Activation}",
    };
}
