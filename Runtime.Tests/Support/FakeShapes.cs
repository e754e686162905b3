namespace KernelGen.Runtime.Tests;

/// <summary>A layer's shape as constants, which is how emitted kernels know it.</summary>
internal interface IFakeShape
{
    static abstract int In { get; }

    static abstract int Out { get; }
}

/// <summary>An instruction set as a constant.</summary>
internal interface IFakeSet
{
    static abstract InstructionSet Set { get; }
}

internal readonly struct Shape21To13 : IFakeShape
{
    public static int In => 21;

    public static int Out => 13;
}

internal readonly struct Shape13To10 : IFakeShape
{
    public static int In => 13;

    public static int Out => 10;
}

internal readonly struct Shape10To7 : IFakeShape
{
    public static int In => 10;

    public static int Out => 7;
}

internal readonly struct Shape7To5 : IFakeShape
{
    public static int In => 7;

    public static int Out => 5;
}

internal readonly struct ScalarSet : IFakeSet
{
    public static InstructionSet Set => InstructionSet.Scalar;
}

internal readonly struct NeonSet : IFakeSet
{
    public static InstructionSet Set => InstructionSet.Neon;
}

internal readonly struct Avx2Set : IFakeSet
{
    public static InstructionSet Set => InstructionSet.Avx2;
}

internal readonly struct Avx512Set : IFakeSet
{
    public static InstructionSet Set => InstructionSet.Avx512;
}
