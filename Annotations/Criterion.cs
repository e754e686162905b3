namespace KernelGen;

/// <summary>
/// The score by which weights are ranked for pruning; the lowest go first. Below w is a weight, L the mean loss, g = dL/dw. Some look at
/// more than weights: at calibration batches, which the pruner is given with a calibration, or at the steps of training. A pruner that
/// lacks what a criterion needs says so when it is created.
/// </summary>
public enum Criterion
{
    /// <summary>|w|; for a block, the sum of |w| over its weights (Han et al. 2015, arXiv 1506.02626).</summary>
    Magnitude,

    /// <summary>At random, from the seed that the pruner is given: the baseline that every criterion should beat.</summary>
    Random,

    /// <summary>The sum of |g w| over the steps of training: what a removal would change in the loss, to first order (Molchanov et al. 2017, arXiv 1611.06440).</summary>
    FirstOrder,

    /// <summary>|g w| on calibration batches, meant for before the first step (SNIP, Lee et al. 2019, arXiv 1810.02340).</summary>
    Snip,

    /// <summary>(sum of g w)^2 over a block, output or input, on calibration batches; of a single weight (g w)^2 (Molchanov et al. 2019, arXiv 1906.10771).</summary>
    Taylor,

    /// <summary>
    /// w (H g), H the Hessian of L, on calibration batches and before the first step: those go whose removal lets the gradient's norm grow, or shrink least
    /// (GraSP, Wang et al. 2020, arXiv 2002.07376).
    /// </summary>
    Grasp,

    /// <summary>|w| dR/d|w| with R = 1^T prod |W_l| 1 over the layers: the flow through the network, without data (SynFlow, Tanaka et al. 2020, arXiv 2006.05467).</summary>
    SynFlow,

    /// <summary>The sum of -g w over the steps of training: those go that move towards 0 (movement pruning, Sanh et al. 2020, arXiv 2005.07683).</summary>
    Movement,

    /// <summary>
    /// 1/2 F w^2 with F the mean of squared gradients of single samples, on calibration batches: optimal brain damage with the diagonal of the empirical
    /// Fisher matrix (LeCun et al. 1990; Theis et al. 2018, arXiv 1801.05787).
    /// </summary>
    Fisher,

    /// <summary>
    /// w^2 / (2 [F^-1]_ww) with blocks of the empirical Fisher matrix F on calibration batches; what stays is changed to make up for what goes (WoodFisher,
    /// Singh and Alistarh 2020, arXiv 2004.14340).
    /// </summary>
    WoodFisher,

    /// <summary>
    /// w^2 / (2 [A^-1]_jj [G^-1]_ii) with the Kronecker factors A of inputs and G of gradients on calibration batches; what stays is changed to make up for
    /// what goes (K-FAC, Martens and Grosse 2015, arXiv 1503.05671; for pruning Wang et al. 2019, arXiv 1905.05934).
    /// </summary>
    KFac,

    /// <summary>
    /// w^2 / [H^-1]_jj with H = X X^T of the layer's inputs on calibration batches, column by column; what stays is changed to make up for what goes
    /// (SparseGPT, Frantar and Alistarh 2023, arXiv 2301.00774).
    /// </summary>
    SparseGpt,

    /// <summary>|w| ||x||, x the weight's input over calibration batches, compared within each output (Wanda, Sun et al. 2024, arXiv 2306.11695).</summary>
    Wanda,

    /// <summary>
    /// The root of the mean square of an output, behind the activation, on calibration batches, for the whole output (Hu et al. 2016, arXiv 1607.03250, count
    /// zeros).
    /// </summary>
    Activity,

    /// <summary>
    /// 1 - |r| with r the strongest correlation of an output with another of the layer that varies more, on calibration batches, for the whole output
    /// (Sietsma and Dow 1988 remove units that are constant or duplicates of others).
    /// </summary>
    Correlation,
}
