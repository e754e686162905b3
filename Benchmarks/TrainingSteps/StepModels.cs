namespace KernelGen.Benchmarks.TrainingSteps;

/// <summary>Models whose training steps are timed; how sparse they are, the masks say.</summary>
internal static partial class StepModels
{
    [SparseModel(Training = true)]
    internal sealed partial class Unstructured
    {
        [Linear(784, 1024, Activation = Activation.Relu), Unstructured]
        public partial Linear Fc1 { get; }

        [Linear(1024, 1024, Activation = Activation.Relu), Unstructured]
        public partial Linear Fc2 { get; }

        [Linear(1024, 10)]
        public partial Linear Fc3 { get; }
    }

    [SparseModel(Training = true)]
    internal sealed partial class NM2Of4
    {
        [Linear(784, 1024, Activation = Activation.Relu), NM(2, 4)]
        public partial Linear Fc1 { get; }

        [Linear(1024, 1024, Activation = Activation.Relu), NM(2, 4)]
        public partial Linear Fc2 { get; }

        [Linear(1024, 10)]
        public partial Linear Fc3 { get; }
    }

    [SparseModel(Training = true)]
    internal sealed partial class Block16x1
    {
        [Linear(784, 1024, Activation = Activation.Relu), Block(16, 1)]
        public partial Linear Fc1 { get; }

        [Linear(1024, 1024, Activation = Activation.Relu), Block(16, 1)]
        public partial Linear Fc2 { get; }

        [Linear(1024, 10)]
        public partial Linear Fc3 { get; }
    }

    [SparseModel(Training = true)]
    internal sealed partial class OneLayer
    {
        [Linear(768, 3072), Unstructured]
        public partial Linear Fc { get; }
    }

    [SparseModel(Training = true)]
    internal sealed partial class OneLayerNM2Of4
    {
        [Linear(768, 3072), NM(2, 4)]
        public partial Linear Fc { get; }
    }

    [SparseModel(Training = true)]
    internal sealed partial class OneLayerBlock16x1
    {
        [Linear(768, 3072), Block(16, 1)]
        public partial Linear Fc { get; }
    }
}
