namespace KernelGen;

/// <summary>How a batch of activations lies in memory.</summary>
public enum Layout
{
    /// <summary>[batch, features]: one sample after the other.</summary>
    RowMajor,

    /// <summary>[features, batch]: one feature of all samples after the other.</summary>
    FeatureMajor,
}
