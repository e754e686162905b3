namespace KernelGen.Generator.Tests.Models;

/// <summary>Models whose emitted text is kept as snapshots.</summary>
internal static class Programs
{
    public const string Full = """
        using KernelGen;

        namespace Samples;

        /// <summary>A model.</summary>
        [SparseModel]
        [Prune(Criterion.Magnitude, Schedule.Cubic, Begin = 0.1, End = 0.7, Every = 50, Budget = Budget.Erk, Sparsity = 0.9)]
        public sealed partial class Mlp
        {
            /// <summary>First.</summary>
            [Linear(784, 300, Activation = Activation.Relu), Unstructured(Sparsity = 0.95)]
            public partial Linear Fc1 { get; }

            /// <summary>Second.</summary>
            [Linear(300, 100, Activation = Activation.LeakyRelu, NegativeSlope = 0.2f, Bias = false), NM(2, 4)]
            [Prune(Criterion.Magnitude, Schedule.OneShot, Begin = 0.5)]
            public partial Linear Fc2 { get; }

            /// <summary>Third.</summary>
            [Linear(100, 40, Activation = Activation.GeluTanh), Block(2, 4, Sparsity = 0.8)]
            internal partial Linear Fc3 { get; }

            [Linear(40, 10)]
            private partial Linear Head { get; }
        }
        """;

    public const string Growing = """
        using KernelGen;

        [SparseModel]
        [Prune(Criterion.Random, Schedule.Constant, Budget = Budget.Erk, Sparsity = 0.9)]
        [Grow(Growth.Snfs, Share = 0.5)]
        internal sealed partial class Growing
        {
            [Linear(30, 20, Activation = Activation.Relu), Unstructured]
            internal partial Linear Fc1 { get; }

            [Linear(20, 8), NM(2, 4), Grow(Growth.RigL, Every = 50, End = 0.8)]
            internal partial Linear Fc2 { get; }

            [Linear(8, 4), Block(2, 2)]
            [Prune(Criterion.Taylor, Schedule.Constant, Unit = PruningUnit.Output), Grow(Growth.Set)]
            internal partial Linear Fc3 { get; }
        }
        """;

    public const string Choosing = """
        using KernelGen;

        [SparseModel]
        [Prune(Criterion.Magnitude, Schedule.Constant, Budget = Budget.Uniform, Sparsity = 0.8)]
        [Grow(Growth.TopKast)]
        internal sealed partial class Choosing
        {
            [Linear(30, 20, Activation = Activation.Relu), Unstructured]
            internal partial Linear Fc1 { get; }

            [Linear(20, 8), NM(2, 4), Grow(Growth.SRSte)]
            internal partial Linear Fc2 { get; }
        }
        """;

    public const string NestedGeneric = """
        using KernelGen;

        namespace Samples.Deep;

        internal partial record struct Outer<TKey>
        {
            internal partial interface IMiddle
            {
                [SparseModel]
                internal partial class Mlp<TValue, @event>
                    where TValue : new()
                {
                    [Linear(4, 2), Unstructured(Sparsity = 0.5)]
                    protected internal partial Linear Fc { get; }
                }
            }
        }
        """;

    public const string KeywordNames = """
        namespace @namespace.@var;

        [KernelGen.SparseModel]
        internal partial class @class
        {
            [KernelGen.Linear(3, 2), KernelGen.NM(1, 2)]
            internal partial KernelGen.Linear @event { get; }

            [KernelGen.Linear(2, 2)]
            internal partial KernelGen.Linear @value { get; }
        }
        """;

    public const string GlobalNamespace = """
        [KernelGen.SparseModel]
        internal partial class Mlp
        {
            [KernelGen.Linear(3, 2, Activation = KernelGen.Activation.Tanh)]
            internal partial KernelGen.Linear Fc { get; }
        }
        """;

    public const string Broken = """
        using KernelGen;

        [SparseModel]
        internal partial class Mlp
        {
            [Linear(3, 2)]
            internal partial Linear Fc1 { get; }

            [Linear(3, 2)]
            internal partial int Fc2 { get; private set; }

            internal void Save(string path) => path.ToString();
        }
        """;
}
