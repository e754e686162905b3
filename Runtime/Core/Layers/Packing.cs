namespace KernelGen;

/// <summary>How much care a layer takes to pack its weights for the kernels.</summary>
public enum Packing
{
    /// <summary>For weights that stay: rows with columns in common are brought together. Some hundred times one pass over the dense weights.</summary>
    Thorough,

    /// <summary>For weights that change: a few passes over the dense weights, for kernels that run up to a quarter slower.</summary>
    Quick,

    /// <summary>
    /// Thorough, and the kernel isn't chosen by estimate: all of the layer's are packed and timed on this machine. Two processes may then choose
    /// differently, and round differently.
    /// </summary>
    Measured,
}
