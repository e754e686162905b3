namespace KernelGen.Torch;

/// <summary>How a <see cref="SparseModule"/> computes.</summary>
public enum TrainingMode
{
    /// <summary>
    /// Dense weights times their mask, by torch: at dense cost, of any floating-point type, on any device, and differentiable as often as wanted. What Sparse is held against.
    /// </summary>
    Exact,

    /// <summary>Active weights alone, on the emitted kernels: forward pass, gradients and optimiser at the cost of the active weights. On processors, in 32-bit floats.</summary>
    Sparse,
}
