namespace KernelGen.Torch;

/// <summary>Which weights of a layer stay or go together.</summary>
public enum WeightGroups
{
    /// <summary>Those that the layer's pattern knows: its blocks, or single weights.</summary>
    Pattern,

    /// <summary>All weights of an output: a row of [out, in].</summary>
    Outputs,

    /// <summary>All weights of an input: a column of [out, in].</summary>
    Inputs,
}
