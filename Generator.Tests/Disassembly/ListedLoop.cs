using System.Text.RegularExpressions;

namespace KernelGen.Generator.Tests.Disassembly;

/// <summary>One turn of an innermost loop, as the compiler lists it, on Arm or x64.</summary>
internal sealed partial record ListedLoop(IReadOnlyList<Instruction> Instructions)
{
    /// <summary>Multiplications of whole vectors, with or without an addition.</summary>
    public int Products => Count(Product());

    /// <summary>Multiplications of floats one by one.</summary>
    public int ScalarProducts => Count(ScalarProduct());

    /// <summary>Instructions that only load.</summary>
    public int Loads => Count(Load());

    /// <summary>A register's copies into the lanes of another.</summary>
    public int Broadcasts => Count(Broadcast());

    /// <summary>Stores, but not those to the stack.</summary>
    public int Stores => Count(Store()) - Instructions.Count(instruction => Store().IsMatch(Text(instruction)) && Stack().IsMatch(instruction.Operands));

    /// <summary>Loads from the stack and stores to it: there was no register.</summary>
    public int Spills => Instructions.Count(instruction => Stack().IsMatch(instruction.Operands));

    public int Calls => Count(Call());

    private int Count(Regex pattern) => Instructions.Count(instruction => pattern.IsMatch(Text(instruction)));

    private static string Text(Instruction instruction) => $"{instruction.Name} {instruction.Operands}";

    [GeneratedRegex(@"^(fmla|fmul) v|^v(fn?m(add|sub)\d+|mul)ps ")]
    private static partial Regex Product();

    [GeneratedRegex(@"^(fn?m(add|sub)|fmul) s|^v(fn?m(add|sub)\d+|mul)ss ")]
    private static partial Regex ScalarProduct();

    [GeneratedRegex(@"^ld|^v?mov\w* \w+, .*\[|^vbroadcast\w+ \w+, .*\[")]
    private static partial Regex Load();

    [GeneratedRegex(@"^dup |^vbroadcast\w+ \w+, [xyz]mm")]
    private static partial Regex Broadcast();

    [GeneratedRegex(@"^st|^v?mov\w* \w+ ptr \[|^v?mov\w* \w*word ptr")]
    private static partial Regex Store();

    [GeneratedRegex(@"\[(sp|fp|rsp|rbp)\b")]
    private static partial Regex Stack();

    [GeneratedRegex(@"^(bl|blr|call)\b")]
    private static partial Regex Call();
}
