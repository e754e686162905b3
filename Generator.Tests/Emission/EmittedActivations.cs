using System.Collections.Concurrent;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using KernelGen.Generator.Emission;
using KernelGen.Generator.Emission.Cpu;
using KernelGen.Generator.Emission.Cpu.Library;
using KernelGen.Generator.Planning;

namespace KernelGen.Generator.Tests.Emission;

/// <summary>The vector library's activations, under loops that apply them to arrays, a dialect's vector at a time.</summary>
internal sealed class EmittedActivations
{
    public const float Slope = 0.01f;

    private const string Namespace = "Emitted.Kernels";

    private static readonly ConcurrentDictionary<Dialect, EmittedActivations> Compiled = new();

    private readonly Type _loops;

    private EmittedActivations(Dialect dialect)
    {
        var assembly = InMemoryCompiler.Load(Loops(dialect));
        _loops = assembly.GetType($"{Namespace}.Loops", throwOnError: true)!;
    }

    public static IReadOnlyList<Activation> All { get; } = Enum.GetValues<Activation>();

    /// <summary>The dialect's activations, compiled once.</summary>
    public static EmittedActivations Of(Dialect dialect) => Compiled.GetOrAdd(dialect, static d => new EmittedActivations(d));

    public static bool IsSupported(Dialect dialect) => dialect.Name switch
    {
        "Scalar" => true,
        "Neon" => AdvSimd.Arm64.IsSupported,
        "Avx2" => Avx2.IsSupported && Fma.IsSupported,
        "Avx512" => Avx512F.IsSupported,
        _ => throw new ArgumentException($"An unknown dialect: {dialect.Name}.", nameof(dialect)),
    };

    /// <summary>The activation of every value; their number is a multiple of 16.</summary>
    public float[] Apply(Activation activation, float[] values)
    {
        var results = new float[values.Length];
        _loops.GetMethod($"Apply{activation}")!.CreateDelegate<Action<float[], float[]>>()(values, results);
        return results;
    }

    private static string Loops(Dialect dialect)
    {
        var writer = new SourceWriter();
        FileFrame.Begin(writer, Namespace);
        FileFrame.Usings(writer, dialect, VectorLibrary.Namespace);
        writer.Open("internal static unsafe class Loops");
        foreach (var activation in All)
        {
            writer.Line("[MethodImpl(MethodImplOptions.AggressiveOptimization)]");
            writer.Open($"public static void Apply{activation}(float[] values, float[] results)");
            writer.Open("fixed (float* x = values, y = results)");
            writer.Open($"for (int i = 0; i < values.Length; i += {dialect.Lanes})");
            writer.Line($"{dialect.Vector} value = {dialect.Load("&x[i]")};");
            var fused = new FusedActivation(activation, activation == Activation.LeakyRelu ? Slope : 0);
            writer.Line(dialect.Store("&y[i]", fused.HasParameter ? ActivationEmitter.Call(dialect, fused, "value") : $"{fused.TypeName}.Of(value)"));
            writer.Close().Close().Close();
        }

        return writer.Close().ToString();
    }
}
