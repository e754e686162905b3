using KernelGen;

namespace Digits.Models;

/// <summary>The layers of <see cref="DigitsModel"/> without patterns: the baseline.</summary>
[SparseModel]
internal sealed partial class DigitsDense
{
    [Linear(64, 256, Activation = Activation.Relu)]
    public partial Linear Fc1 { get; }

    [Linear(256, 128, Activation = Activation.Relu)]
    public partial Linear Fc2 { get; }

    [Linear(128, 64, Activation = Activation.Relu)]
    public partial Linear Fc3 { get; }

    [Linear(64, 10)]
    public partial Linear Fc4 { get; }
}
