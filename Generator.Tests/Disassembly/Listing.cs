using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using KernelGen.Generator.Planning;

namespace KernelGen.Generator.Tests.Disassembly;

/// <summary>What the compiler at run time made of emitted kernels: the text that it writes where DOTNET_JitDisasm names their methods.</summary>
internal static partial class Listing
{
    /// <summary>The listing of this machine's own kernels, from a run of their tests.</summary>
    public static async Task<IReadOnlyList<ListedMethod>> OfTestsHere()
    {
        var tests = AppContext.BaseDirectory.Replace("Generator.Tests", "Runtime.Tests", StringComparison.Ordinal) + "KernelGen.Runtime.Tests";
        Assert.SkipUnless(File.Exists(tests), $"{tests} isn't there: build Runtime.Tests in the same configuration.");
        var path = Path.GetTempFileName();
        try
        {
            var start = new ProcessStartInfo(tests, ["-noColor", "-parallel", "none", "-class", "*.KernelTests", "-class", "*.GradientNumericsTests"])
            {
                RedirectStandardOutput = true,
                // As in .ci/neon.
                Environment = { ["DOTNET_JitDisasm"] = "*.Generated.*PanelCsr*:* *.Generated.*PanelTiles*:* *.Generated.*VectorColumns*:* *Avx*:Run* *Avx*:Samples*", ["DOTNET_JitStdOutFile"] = path },
            };
            using var process = Process.Start(start)!;
            var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            // Not its exit code: at its end, while the compiler closes the file under threads that may still compile, the process has failed behind its summary.
            Assert.Contains("Errors: 0, Failed: 0,", output, StringComparison.Ordinal);
            return Read(path);
        }
        finally
        {
            File.Delete(path);
        }
    }

    public static IReadOnlyList<ListedMethod> Read(string path)
    {
        var methods = new List<ListedMethod>();
        ListedMethod? current = null;
        foreach (var line in File.ReadLines(path))
        {
            if (Begin().Match(line) is { Success: true } begin)
            {
                // Two threads' text would lie in each other.
                Assert.True(current is null, $"{path}: a listing begins inside that of {current?.Name}; run on one thread.");
                current = new ListedMethod(begin.Groups[1].Value, begin.Groups[2].Value, begin.Groups[3].Value, ListedMethod.StripsOf(begin.Groups[4].Value));
            }
            else if (line.StartsWith("; Total bytes of code", StringComparison.Ordinal) && current is not null)
            {
                methods.Add(current);
                current = null;
            }
            else if (Label().Match(line) is { Success: true } label)
            {
                current?.Labels.Add(label.Groups[1].Value, current.Instructions.Count);
            }
            else if (Line().Match(line) is { Success: true } instruction && instruction.Groups[1].Value != "align")
            {
                current?.Instructions.Add(new Instruction(instruction.Groups[1].Value, instruction.Groups[2].Value));
            }
        }

        Assert.True(current is null, $"{path} ends inside the listing of {current?.Name}.");
        return methods;
    }

    /// <summary>Every kernel of the tests is there, and no inner loop of any lacks a register, multiplies floats one by one or calls.</summary>
    public static void AssertSound(Target target, IReadOnlyList<ListedMethod> listing)
    {
        foreach (var method in listing.Where(method => method.Class.EndsWith(target.Name, StringComparison.Ordinal) || method.Strips.StartsWith(target.Name, StringComparison.Ordinal)))
        {
            foreach (var loop in method.Loops)
            {
                Assert.True(loop.Spills == 0, $"{method}: an inner loop of {loop.Products} products loads from the stack or stores to it {loop.Spills} times.");
                Assert.True(loop.ScalarProducts == 0, $"{method}: an inner loop multiplies {loop.ScalarProducts} floats one by one.");
                Assert.True(loop.Calls == 0, $"{method}: an inner loop calls.");
            }
        }

        var bodies = PlannedBody.Of(target);
        Assert.All(bodies, body => Assert.True(body.Instances(listing).Any(), $"The listing has no {body.Name}."));
        // Were the loops not recognised, nothing above would have been asked.
        var without = bodies.Where(body => body.Instances(listing).All(method => method.Loops.Count == 0)).Select(body => body.Name).ToList();
        Assert.True(without.Count <= bodies.Count / 20, $"No inner loop was found of {string.Join(", ", without)}.");
    }

    // Namespaces say nothing here; an instance is PanelCsr`2[Shape10x20,Relu]:Pairs[NeonStrip8,NeonFactors,Columns128].
    [GeneratedRegex(@"^; Assembly listing for method (?:\w+\.)*(\w+)(?:`\d\[([^]]*)\])?:(\w+)(?:\[([^]]*)\])?\(")]
    private static partial Regex Begin();

    [GeneratedRegex(@"^(G_M\w+):")]
    private static partial Regex Label();

    [GeneratedRegex(@"^\s+([a-z]\w*)\s*([^;]*)")]
    private static partial Regex Line();
}

/// <summary>An instance of a method.</summary>
/// <param name="Class">Its class, without a namespace.</param>
/// <param name="Arguments">The class's type arguments: a shape, and for kernels an activation.</param>
/// <param name="Name">Its name.</param>
/// <param name="Strips">The strips among its own type arguments, a comma between them.</param>
internal sealed partial record ListedMethod(string Class, string Arguments, string Name, string Strips)
{
    public static string StripsOf(string arguments) => string.Join(',', arguments.Split(',').Select(name => name.Split('.')[^1]).Where(name => name.Contains("Strip", StringComparison.Ordinal)));

    public List<Instruction> Instructions { get; } = [];

    /// <summary>The instructions that labels stand before.</summary>
    public Dictionary<string, int> Labels { get; } = [];

    /// <summary>The layer's inputs.</summary>
    public int In => int.Parse(Shape().Match(Arguments).Groups[1].Value, CultureInfo.InvariantCulture);

    /// <summary>The kernel's loops that multiply, in their order, without those that run over finished sums and store them.</summary>
    public IReadOnlyList<ListedLoop> Loops => [.. StraightLoops().Where(loop => loop.Products + loop.ScalarProducts > 0 && (IsGradient || loop.Stores == 0))];

    public override string ToString() => $"{Class}.{Name}{(Strips.Length > 0 ? $" of {Strips}," : "")} of {Arguments.Split('.')[^1]}";

    private bool IsGradient => Class.StartsWith("SampledCsr", StringComparison.Ordinal);

    /// <summary>Loops without a branch but the one back.</summary>
    private IEnumerable<ListedLoop> StraightLoops()
    {
        var begin = 0;
        for (var i = 0; i < Instructions.Count; i++)
        {
            if (Target().Match(Instructions[i].Operands) is not { Success: true } target)
            {
                continue;
            }

            if (Labels.TryGetValue(target.Value, out var back) && back >= begin && back <= i)
            {
                yield return new ListedLoop(Instructions[back..(i + 1)]);
            }

            begin = i + 1;
        }
    }

    [GeneratedRegex(@"Shape\d+x(\d+)")]
    private static partial Regex Shape();

    [GeneratedRegex(@"G_M\w+")]
    private static partial Regex Target();
}

/// <summary>One instruction.</summary>
internal sealed record Instruction(string Name, string Operands);
