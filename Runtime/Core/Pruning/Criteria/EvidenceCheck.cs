namespace KernelGen.Pruning;

/// <summary>Checks that a criterion gets what it needs.</summary>
internal static class EvidenceCheck
{
    /// <summary>Checks that what is needed is there, in its size.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="criterion">What needs it.</param>
    /// <param name="evidence">What is there.</param>
    /// <param name="remedy">A sentence on what to do about it.</param>
    /// <exception cref="ArgumentException">Something is missing, or has another size.</exception>
    public static void ThrowIfMissing(LayerDescriptor layer, ICriterion criterion, LayerEvidence evidence, string remedy)
    {
        foreach (var kind in Enum.GetValues<Evidence>().Where(kind => kind != Evidence.None && criterion.Needs.HasFlag(kind)))
        {
            var (length, expected, shape) = Size(layer, kind, evidence);
            if (kind == Evidence.SampleGradients ? length == 0 || length % expected != 0 : length != expected)
            {
                throw new ArgumentException(
                    $"Layer '{layer.Name}': {criterion.GetType().Name} needs {nameof(LayerEvidence)}.{kind}, {shape} numbers; given are {length}. {remedy}");
            }
        }
    }

    private static (int Length, long Expected, string Shape) Size(LayerDescriptor layer, Evidence kind, LayerEvidence evidence)
    {
        long outputs = layer.OutFeatures;
        long inputs = layer.InFeatures;
        var weights = (outputs * inputs, $"{outputs} x {inputs}");
        var ((expected, shape), numbers) = kind switch
        {
            Evidence.Gradient => (weights, evidence.Gradient),
            Evidence.SquaredGradient => (weights, evidence.SquaredGradient),
            Evidence.SampleGradients => ((outputs * inputs, $"samples x {outputs} x {inputs}"), evidence.SampleGradients),
            Evidence.HessianGradient => (weights, evidence.HessianGradient),
            Evidence.Sensitivity => (weights, evidence.Sensitivity),
            Evidence.Movement => (weights, evidence.Movement),
            Evidence.Flow => (weights, evidence.Flow),
            Evidence.InputNorms => ((inputs, $"{inputs}"), evidence.InputNorms),
            Evidence.InputGram => ((inputs * inputs, $"{inputs} x {inputs}"), evidence.InputGram),
            Evidence.GradientGram => ((outputs * outputs, $"{outputs} x {outputs}"), evidence.GradientGram),
            Evidence.OutputMeans => ((outputs, $"{outputs}"), evidence.OutputMeans),
            Evidence.OutputGram => ((outputs * outputs, $"{outputs} x {outputs}"), evidence.OutputGram),
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "This kind of evidence is unknown."),
        };
        return (numbers.Length, expected, shape);
    }
}
