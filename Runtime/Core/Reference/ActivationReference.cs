namespace KernelGen.Reference;

/// <summary>The activations in double precision, as <see cref="Activation"/> defines them; NaN gives NaN.</summary>
internal static class ActivationReference
{
    public static double Apply(Activation activation, double x, double negativeSlope = 0) => activation switch
    {
        Activation.None => x,
        Activation.Relu => Math.Max(0, x),
        Activation.LeakyRelu => x >= 0 ? x : negativeSlope * x,
        // By erfc, which keeps its digits far below zero.
        Activation.Gelu => 0.5 * x * ErrorFunction.Erfc(-x / Math.Sqrt(2)),
        Activation.GeluTanh => 0.5 * x * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (x + (0.044715 * x * x * x)))),
        Activation.Sigmoid => 1 / (1 + Math.Exp(-x)),
        Activation.Tanh => Math.Tanh(x),
        Activation.Silu => x / (1 + Math.Exp(-x)),
        _ => throw new ArgumentOutOfRangeException(nameof(activation), activation, "No such activation."),
    };
}
