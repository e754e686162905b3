using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace KernelGen.Torch;

/// <summary>Runs fused steps on parameters: of a <see cref="SparseParameter"/>, on the active weights alone.</summary>
internal static class FusedParameters
{
    /// <summary>Whether all parameters of a group lie where a fused step can reach them.</summary>
    public static bool Cover(ParamGroup group)
        => group.Parameters.All(parameter => parameter.dtype == ScalarType.Float32 && parameter.device_type == DeviceType.CPU && parameter.is_contiguous());

    /// <summary>Says what went wrong in the backward pass of a sparse layer, before anything is updated.</summary>
    /// <exception cref="InvalidOperationException">A layer has no gradients for that reason.</exception>
    public static void ThrowIfFailed(IEnumerable<ParamGroup> groups)
    {
        var failed = groups.SelectMany(group => group.Parameters).OfType<SparseParameter>().Where(values => values.HasFailed).ToList();
        // Told once, whichever layers failed in that backward pass.
        failed.Skip(1).ToList().ForEach(values => values.Forgive());
        failed.FirstOrDefault()?.ThrowIfFailed();
    }

    /// <summary>Updates a parameter from its gradient, if it has one.</summary>
    /// <param name="parameter">The parameter.</param>
    /// <param name="gradient">Its gradient, of its shape.</param>
    /// <param name="rule">How.</param>
    /// <param name="first">What the rule remembers, of the parameter's shape.</param>
    /// <param name="second">What else it remembers, or null.</param>
    public static void Update<TRule>(Parameter parameter, Tensor gradient, TRule rule, Tensor? first, Tensor? second)
        where TRule : struct, IUpdateRule
    {
        using var rows = gradient.contiguous();
        var weights = TensorData.Span(parameter);
        FusedStep.Run(
            rule, parameter is SparseParameter sparse ? weights[..sparse.Count] : weights, TensorData.Span(rows), Span(first), Span(second));
        TensorData.MarkChanged(parameter);
    }

    /// <summary>Forgets gradients: the next backward pass sets them, and adds to nothing.</summary>
    public static void Forget(IEnumerable<Parameter> parameters)
    {
        foreach (var parameter in parameters)
        {
            parameter.grad = null;
        }
    }

    private static Span<float> Span(Tensor? tensor) => tensor is null ? [] : TensorData.Span(tensor);
}
