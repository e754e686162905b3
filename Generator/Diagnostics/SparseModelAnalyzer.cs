using System.Collections.Immutable;
using KernelGen.Generator.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace KernelGen.Generator.Diagnostics;

/// <summary>Reports what is wrong with [SparseModel] classes, and attributes that stand where nothing reads them.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SparseModelAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => Rules.All;

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        // A layer's property bears GeneratedCode from its emitted part, so that it counts as generated.
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.Analyze | GeneratedCodeAnalysisFlags.ReportDiagnostics);
        context.EnableConcurrentExecution();
        context.RegisterSymbolAction(Analyze, SymbolKind.NamedType);
    }

    private static void Analyze(SymbolAnalysisContext context)
    {
        var type = (INamedTypeSymbol)context.Symbol;
        var problems = new Problems();
        if (TypeRules.IsModel(type))
        {
            ModelParser.Parse(type, context.Compilation, problems, context.CancellationToken);
        }
        else
        {
            StrayAttributes.CheckOrdinaryType(type, problems, context.CancellationToken);
        }

        foreach (var problem in problems.Found)
        {
            context.ReportDiagnostic(problem);
        }
    }
}
