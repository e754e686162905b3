using System.Runtime.CompilerServices;
using System.Text;
using KernelGen.Generator.Emission;

namespace KernelGen.Generator.Tests.Support;

/// <summary>
/// Compares a whole text with a file in Snapshots, by Verify's conventions: <c>Class.Case.verified.cs</c> is the golden text; a
/// mismatch or a missing file fails and leaves <c>Class.Case.received.cs</c>. KERNELGEN_UPDATE_SNAPSHOTS=1 accepts what comes.
/// </summary>
internal static class Snapshot
{
    public static void Match(string text, string testClass, string testCase, [CallerFilePath] string callerPath = "")
    {
        var stem = Path.Combine(Folder(callerPath), $"{testClass}.{testCase}");
        var (verified, received) = (stem + ".verified.cs", stem + ".received.cs");
        File.Delete(received);
        var actual = WithoutVersion(text);
        if (Environment.GetEnvironmentVariable("KERNELGEN_UPDATE_SNAPSHOTS") == "1")
        {
            Write(verified, actual);
            return;
        }

        var expected = File.Exists(verified) ? File.ReadAllText(verified) : null;
        if (expected == actual)
        {
            return;
        }

        Write(received, actual);
        Assert.Fail(expected is null
            ? $"There is no {verified}; look at the .received.cs beside it, and rename it if it is right."
            : $"The emitted text differs from {verified}: {FirstDifference(expected, actual)}. See the .received.cs beside it.");
    }

    /// <summary>A new version of the tool is no new text.</summary>
    private static string WithoutVersion(string text)
        => text.Replace($"\"KernelGen\", \"{GeneratorInfo.Version}\"", "\"KernelGen\", \"{version}\"", StringComparison.Ordinal);

    private static void Write(string path, string text) => File.WriteAllText(path, text, new UTF8Encoding(false));

    private static string Folder(string callerPath)
    {
        var folder = new DirectoryInfo(Path.GetDirectoryName(callerPath)!);
        while (!File.Exists(Path.Combine(folder.FullName, "KernelGen.Generator.Tests.csproj")))
        {
            folder = folder.Parent ?? throw new DirectoryNotFoundException($"No test project above {callerPath}.");
        }

        return Path.Combine(folder.FullName, "Snapshots");
    }

    private static string FirstDifference(string expected, string actual)
    {
        var (left, right) = (expected.Split('\n'), actual.Split('\n'));
        var line = Enumerable.Range(0, Math.Min(left.Length, right.Length)).FirstOrDefault(i => left[i] != right[i], -1);
        return line < 0 ? $"{left.Length} lines against {right.Length}" : $"line {line + 1} is \"{right[line]}\", not \"{left[line]}\"";
    }
}
