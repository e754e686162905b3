using Microsoft.CodeAnalysis.Text;

namespace KernelGen.Generator.Tests.Support;

/// <summary>A test program in which <c>[|</c> and <c>|]</c> mark where a diagnostic is expected.</summary>
internal sealed record MarkedSource(string Text, TextSpan Span)
{
    private const string Usings = "using KernelGen; ";

    public static MarkedSource Parse(string marked)
    {
        var text = Usings + marked;
        var start = text.IndexOf("[|", StringComparison.Ordinal);
        var end = text.IndexOf("|]", StringComparison.Ordinal) - 2;
        Assert.True(start >= 0 && end > start, "The program marks no token.");
        return new MarkedSource(text.Remove(end + 2, 2).Remove(start, 2), TextSpan.FromBounds(start, end));
    }
}
