using KernelGen.Generator.Planning;
using Microsoft.CodeAnalysis.CSharp;

namespace KernelGen.Generator.Tests.Planning;

/// <summary>The namespace of an assembly's kernels: an identifier, and no other assembly's.</summary>
public sealed class KernelNamespaceTests
{
    private const string Parent = "KernelGen.Generated.";

    [Theory]
    [InlineData("My.App", "My_App")]
    [InlineData("My-App", "My_x2D_App")]
    [InlineData("My_App", "My__App")]
    [InlineData("My._App", "My_x2E___App")]
    [InlineData("My.xUnit", "My_x2E_xUnit")]
    [InlineData("3d-tools", "_x33_d_x2D_tools")]
    [InlineData("class", "_x63_lass")]
    [InlineData("Größe", "Größe")]
    [InlineData("a\u00ADb", "a_xAD_b")]
    [InlineData("", "_")]
    public void A_namespace(string assembly, string expected) => Assert.Equal(Parent + expected, KernelNamespace.Of(assembly));

    [Fact]
    public void Two_names_never_share_one()
    {
        // All names of up to six characters that can look like an escape, and keywords among names that can look like theirs.
        string[] keywords = ["class", "_class", ".class", "_x63_lass", ".x63.lass", "if", "_if", "_x69_f", "If"];
        var names = Enumerable.Range(0, 7).SelectMany(length => Names("x2D.-_", length)).Concat(keywords).ToList();
        var owners = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var name in names)
        {
            var found = KernelNamespace.Of(name);
            Assert.True(IsIdentifier(found[Parent.Length..]), $"\"{name}\" gives {found}.");
            Assert.True(owners.TryAdd(found, name), $"\"{name}\" and \"{owners[found]}\" both give {found}.");
        }
    }

    private static IEnumerable<string> Names(string alphabet, int length)
        => length == 0 ? [""] : Names(alphabet, length - 1).SelectMany(_ => alphabet, (start, next) => start + next);

    private static bool IsIdentifier(string name)
        => SyntaxFacts.IsValidIdentifier(name) && SyntaxFacts.GetKeywordKind(name) == SyntaxKind.None;
}
