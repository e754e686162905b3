using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace KernelGen.Generator.Tests.Support;

/// <summary>What a test program must lead to.</summary>
internal static class Expect
{
    /// <summary>
    /// Exactly one diagnostic of ours, at the marked token, and of the compiler's exactly those named: a model with errors must
    /// not bring a flood of them.
    /// </summary>
    public static void Problem(string marked, string id, string message, params string[] compilerErrors)
        => Problem(Source.ParseOptions, Source.Options, marked, id, message, compilerErrors);

    public static void Problem(
        CSharpParseOptions parseOptions,
        CSharpCompilationOptions options,
        string marked,
        string id,
        string message,
        params string[] compilerErrors)
    {
        var source = MarkedSource.Parse(marked);
        var run = GeneratorRun.Of(Source.Compile(parseOptions, options, source.Text));
        var found = run.Problems;
        var shown = string.Join("\n", found);
        Assert.True(found.Count == 1, $"One diagnostic is expected:\n{shown}");
        Assert.Equal(id, found[0].Id);
        Assert.Equal(message, found[0].GetMessage(System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal(source.Text[source.Span.Start..source.Span.End], Token(found[0]));
        Assert.Equal(source.Span, found[0].Location.SourceSpan);
        Assert.Equal(compilerErrors, run.CompilerProblems);
    }

    /// <summary>No diagnostic of ours, and code that compiles without warnings; gives the run.</summary>
    public static GeneratorRun Works(params string[] files)
    {
        var run = GeneratorRun.Of([.. files.Select(file => "using KernelGen; " + file)]);
        Assert.Equal("", string.Join("\n", run.Problems));
        run.AssertCompiles();
        return run;
    }

    private static string Token(Diagnostic diagnostic)
        => diagnostic.Location.SourceTree!.ToString().Substring(
            diagnostic.Location.SourceSpan.Start, diagnostic.Location.SourceSpan.Length);
}
