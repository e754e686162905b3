namespace KernelGen;

/// <summary>The function that a layer applies to each of its outputs; it is fused into the kernel's last store.</summary>
public enum Activation
{
    /// <summary>f(x) = x.</summary>
    None,

    /// <summary>f(x) = max(0, x).</summary>
    Relu,

    /// <summary>f(x) = x for x &gt;= 0, slope * x below; the slope stands in <see cref="LinearAttribute.NegativeSlope"/>.</summary>
    LeakyRelu,

    /// <summary>The exact GELU: f(x) = x/2 (1 + erf(x / sqrt 2)).</summary>
    Gelu,

    /// <summary>GELU by tanh: f(x) = x/2 (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3))).</summary>
    GeluTanh,

    /// <summary>f(x) = 1 / (1 + exp(-x)).</summary>
    Sigmoid,

    /// <summary>f(x) = tanh(x).</summary>
    Tanh,

    /// <summary>SiLU or swish: f(x) = x / (1 + exp(-x)).</summary>
    Silu,
}
