using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace KernelGen.Generator.Tests.Support;

/// <summary>One run of the generator, with what every run must satisfy.</summary>
internal sealed class GeneratorRun
{
    /// <summary>The names of all tracked steps.</summary>
    public static readonly string[] Tracked = typeof(TrackingNames)
        .GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (string)field.GetRawConstantValue()!)
        .ToArray();

    private GeneratorRun(GeneratorDriver driver, Compilation output, IEnumerable<Diagnostic> diagnostics)
    {
        Driver = driver;
        Output = output;
        Problems = [.. diagnostics
            .Where(found => !found.IsSuppressed)
            .OrderBy(found => found.Location.SourceSpan.Start)
            .ThenBy(found => found.Id)];
        Result = driver.GetRunResult().Results.Single();
    }

    public GeneratorDriver Driver { get; }

    /// <summary>The compilation with the generated files.</summary>
    public Compilation Output { get; }

    public GeneratorRunResult Result { get; }

    /// <summary>What the generator reports and no pragma silences, in the order of the text.</summary>
    public IReadOnlyList<Diagnostic> Problems { get; }

    /// <summary>The generated files by hint name.</summary>
    public IReadOnlyDictionary<string, string> Files
        => Result.GeneratedSources.ToDictionary(source => source.HintName, source => source.SourceText.ToString());

    /// <summary>The one model's file.</summary>
    public string ModelFile => Files.Single(file => file.Key.EndsWith(".Model.g.cs", StringComparison.Ordinal)).Value;

    /// <summary>The ids of the compiler's own errors and warnings, each once.</summary>
    public IReadOnlyList<string> CompilerProblems
        => [.. Output.GetDiagnostics()
            .Where(found => found.Severity >= DiagnosticSeverity.Warning)
            .Select(found => found.Id)
            .Distinct()
            .Order(StringComparer.Ordinal)];

    /// <summary>Runs the generator, and once more on an equal compilation: everything must then be cached.</summary>
    public static GeneratorRun Of(CSharpCompilation compilation)
    {
        var options = new GeneratorDriverOptions(IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: true);
        var driver = CSharpGeneratorDriver.Create(
            [new KernelGenerator().AsSourceGenerator()],
            parseOptions: (CSharpParseOptions)compilation.SyntaxTrees[0].Options,
            driverOptions: options);
        var first = Run(driver, compilation);
        first.Then(compilation.Clone()).AssertAllCached();
        return first;
    }

    public static GeneratorRun Of(params string[] files) => Of(Source.Compile(files));

    /// <summary>Runs the same driver on an edited compilation.</summary>
    public GeneratorRun Then(CSharpCompilation compilation) => Run(Driver, compilation);

    public void AssertAllCached() => Assert.All(Tracked, name => Assert.DoesNotContain(Reasons(name), IsNew));

    /// <summary>The outputs of a step that were computed anew, as text.</summary>
    public IReadOnlyList<string> New(string trackingName)
        => [.. Outputs(trackingName).Where(output => IsNew(output.Reason)).Select(output => Text(output.Value))];

    public IReadOnlyList<IncrementalStepRunReason> Reasons(string trackingName)
        => [.. Outputs(trackingName).Select(output => output.Reason)];

    /// <summary>Compiles user's and generated code; no error, no warning. Gives the assembly.</summary>
    public byte[] AssertCompiles()
    {
        using var assembly = new MemoryStream();
        var emitted = Output.Emit(assembly, xmlDocumentationStream: new MemoryStream());
        var found = emitted.Diagnostics.Where(diagnostic => diagnostic.Severity != DiagnosticSeverity.Hidden).ToList();
        Assert.True(found.Count == 0, string.Join("\n", found));
        return assembly.ToArray();
    }

    private static GeneratorRun Run(GeneratorDriver driver, Compilation compilation)
    {
        var ran = driver.RunGeneratorsAndUpdateCompilation(compilation, out var output, out var diagnostics);
        var run = new GeneratorRun(ran, output, diagnostics);
        Assert.Null(run.Result.Exception);
        return run;
    }

    private static string Text(object value)
        => value is IEnumerable<object> items ? string.Join("\n", items) : value.ToString()!;

    private static bool IsNew(IncrementalStepRunReason reason)
        => reason is IncrementalStepRunReason.New or IncrementalStepRunReason.Modified;

    private IEnumerable<(object Value, IncrementalStepRunReason Reason)> Outputs(string trackingName)
        => Result.TrackedSteps.TryGetValue(trackingName, out var steps) ? steps.SelectMany(step => step.Outputs) : [];
}
