using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using KernelGen.Dispatch;

namespace KernelGen;

/// <summary>Which instruction set the emitted kernels run on.</summary>
public static class Isa
{
    /// <summary>The environment variable that forces an instruction set: scalar, avx2, avx512 or neon.</summary>
    public const string EnvironmentVariable = "KERNELGEN_ISA";

    private const int None = -1;

    private static readonly InstructionSet[] BestFirst =
        [InstructionSet.Avx512, InstructionSet.Avx2, InstructionSet.Neon, InstructionSet.Scalar];

    private static int s_override = None;

    private static int s_default = None;

    /// <summary>
    /// The instruction set in use: an <see cref="Override"/>, else what the environment variable KERNELGEN_ISA names,
    /// else the best that this process can use. The variable is read once, when it is first needed.
    /// </summary>
    /// <exception cref="ArgumentException">KERNELGEN_ISA names no instruction set.</exception>
    /// <exception cref="PlatformNotSupportedException">KERNELGEN_ISA names one that this process can't use.</exception>
    public static InstructionSet Current
    {
        get
        {
            var current = Volatile.Read(ref s_override);
            if (current == None)
            {
                current = Volatile.Read(ref s_default);
            }

            return current == None ? ResolveDefault() : (InstructionSet)current;
        }
    }

    /// <summary>Whether this process can use an instruction set.</summary>
    /// <param name="instructionSet">The instruction set.</param>
    public static bool IsSupported(InstructionSet instructionSet) => instructionSet switch
    {
        // Direct calls, which compilers ahead of time fold.
        InstructionSet.Avx512 => Avx512F.IsSupported && Avx512BW.IsSupported && Avx512DQ.IsSupported
            && Avx512F.VL.IsSupported && Avx512BW.VL.IsSupported && Avx512DQ.VL.IsSupported,
        InstructionSet.Avx2 => Avx2.IsSupported && Fma.IsSupported,
        InstructionSet.Neon => AdvSimd.Arm64.IsSupported,
        InstructionSet.Scalar => true,
        _ => false,
    };

    /// <summary>
    /// One line for users, such as "avx512 (supported: avx512, avx2, scalar)". A program that was compiled ahead of time for
    /// less than the processor has says so, and names the property that decides it: IlcInstructionSet.
    /// </summary>
    /// <exception cref="ArgumentException">As for <see cref="Current"/>.</exception>
    /// <exception cref="PlatformNotSupportedException">As for <see cref="Current"/>.</exception>
    public static string Describe() => $"{NameOf(Current)} (supported: {Supported()})";

    /// <summary>Forces an instruction set in the whole process until the result is disposed; for tests and benchmarks.</summary>
    /// <param name="instructionSet">What to use.</param>
    /// <returns>Restores the previous choice when it is disposed.</returns>
    /// <exception cref="PlatformNotSupportedException">This process can't use it.</exception>
    public static IDisposable Override(InstructionSet instructionSet)
    {
        if (!IsSupported(instructionSet))
        {
            throw new PlatformNotSupportedException(
                $"Isa.Override: this process can't use the instruction set {NameOf(instructionSet)}; pass one that it can use: {Supported()}.");
        }

        return new Restore(Interlocked.Exchange(ref s_override, (int)instructionSet));
    }

    /// <summary>What the environment variable's value, or its absence, asks for.</summary>
    internal static InstructionSet Resolve(string? value)
    {
        if (string.IsNullOrWhiteSpace(value))
        {
            return BestFirst.First(IsSupported);
        }

        foreach (var candidate in BestFirst)
        {
            if (value.Trim().Equals(NameOf(candidate), StringComparison.OrdinalIgnoreCase))
            {
                return IsSupported(candidate)
                    ? candidate
                    : throw new PlatformNotSupportedException(
                        $"{EnvironmentVariable}={value} asks for an instruction set that this process can't use; " +
                        $"it can use {Supported()}.");
            }
        }

        throw new ArgumentException(
            $"{EnvironmentVariable}={value} names no instruction set: use {string.Join(", ", BestFirst.Select(NameOf))}, " +
            $"of which this process can use {Supported()}; or unset it.");
    }

    /// <summary>Forgets what the environment said, so that the next read asks again; for tests.</summary>
    internal static void ForgetEnvironment() => Volatile.Write(ref s_default, None);

    /// <summary>An instruction set as users write it.</summary>
    internal static string NameOf(InstructionSet instructionSet) => instructionSet switch
    {
        InstructionSet.Scalar => "scalar",
        InstructionSet.Neon => "neon",
        InstructionSet.Avx2 => "avx2",
        InstructionSet.Avx512 => "avx512",
        _ => instructionSet.ToString(),
    };

    /// <summary>What a program compiled ahead of time says of instruction sets that only the processor has.</summary>
    internal static string LeftOut(IEnumerable<InstructionSet> instructionSets)
    {
        var names = string.Join(" and ", instructionSets.Select(NameOf));
        return names.Length == 0
            ? string.Empty
            : $"; this program was published without {names}, which the processor has: set IlcInstructionSet";
    }

    private static InstructionSet ResolveDefault()
    {
        // Only a success is remembered: a wrong value throws on every read.
        var resolved = Resolve(Environment.GetEnvironmentVariable(EnvironmentVariable));
        Volatile.Write(ref s_default, (int)resolved);
        return resolved;
    }

    private static string Supported()
    {
        var names = string.Join(", ", BestFirst.Where(IsSupported).Select(NameOf));
        return RuntimeFeature.IsDynamicCodeSupported
            ? names
            : names + LeftOut(BestFirst.Where(set => Processor.Has(set) && !IsSupported(set)));
    }

    private sealed class Restore(int previous) : IDisposable
    {
        private int _disposed;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _disposed, 1) == 0)
            {
                Volatile.Write(ref s_override, previous);
            }
        }
    }
}
