using KernelGen;
using KernelGen.Torch;

namespace Study.Training;

/// <summary>The annotated classes that a study trains: equal layers, one without patterns and one where any weight may be pruned.</summary>
internal abstract record Architecture
{
    /// <summary>The layers where any weight may be pruned.</summary>
    public abstract ModelDescriptor Descriptor { get; }

    /// <summary>Without patterns.</summary>
    public abstract SparseModule Dense(TrainingMode mode, int seed);

    /// <summary>With masks; without any, every weight is active and may be pruned.</summary>
    /// <param name="mode">How it computes.</param>
    /// <param name="seed">Of the weights.</param>
    /// <param name="masks">The active weights.</param>
    /// <param name="room">For how many times its active weights a layer has room on the emitted kernels.</param>
    public abstract SparseModule Sparse(TrainingMode mode, int seed, IReadOnlyList<bool[]>? masks = null, double room = 1);

    /// <summary>What a module of either kind is deployed to.</summary>
    public abstract ISparseModel Deployed(SparseModule module);
}

/// <inheritdoc/>
internal sealed record Architecture<TDense, TSparse> : Architecture
    where TDense : ISparseModel, new()
    where TSparse : ISparseModel, new()
{
    public override ModelDescriptor Descriptor => TSparse.Descriptor;

    public override SparseModule Dense(TrainingMode mode, int seed) => SparseModule.For<TDense>(mode, seed);

    public override SparseModule Sparse(TrainingMode mode, int seed, IReadOnlyList<bool[]>? masks, double room) => SparseModule.For<TSparse>(mode, seed, masks, room);

    public override ISparseModel Deployed(SparseModule module) => module.Model.Name == TDense.Descriptor.Name ? new TDense() : new TSparse();
}
