namespace SparseTraining.Training;

/// <summary>What a method gave.</summary>
/// <param name="Method">The method.</param>
/// <param name="Accuracy">Test accuracy of the final weights.</param>
/// <param name="Weights">Active weights.</param>
/// <param name="Microseconds">The median step: forward pass, loss, backward pass, optimiser, and changes of masks.</param>
/// <param name="Bytes">Weights, masks, packed copies, and what the optimiser remembers.</param>
internal sealed record MethodResult(Method Method, double Accuracy, long Weights, double Microseconds, long Bytes);
