namespace KernelGen;

/// <summary>How much care a layer takes to pack its weights for the kernels.</summary>
public enum Packing
{
    /// <summary>For weights that stay: rows with columns in common are brought together. That takes some hundred passes over the dense weights.</summary>
    Thorough,

    /// <summary>For weights that change: a fraction of that time, for batches that take up to a quarter longer.</summary>
    Quick,

    /// <summary>
    /// Thorough, and the kernel isn't chosen by estimate: all of the layer's are packed and timed on this machine. Two processes may then choose
    /// differently, and round differently.
    /// </summary>
    Measured,
}
