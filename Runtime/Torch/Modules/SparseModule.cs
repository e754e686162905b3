using TorchSharp;
using static TorchSharp.torch;

namespace KernelGen.Torch;

/// <summary>
/// A model as torch trains it, built from its annotations: the layers in order. In <see cref="TrainingMode.Exact"/> each has its parameters
/// <c>Fc1.weight</c> [out, in] and <c>Fc1.bias</c> [out] and, where it has a sparsity pattern, the buffer <c>Fc1.mask</c> (bool, [out, in]). In
/// <see cref="TrainingMode.Sparse"/> they are <c>Fc1.values</c> [capacity], <c>Fc1.bias</c> and <c>Fc1.mask</c> (bits): see <see cref="SparseLinear"/>.
/// </summary>
/// <example>
/// <code>
/// var module = SparseModule.For&lt;Mlp&gt;(seed: 1);
/// var optimizer = torch.optim.Adam(module.parameters());
/// using var pruner = new Pruner(module, optimizer, totalSteps);
/// // in the loop, after optimizer.step():
/// pruner.Step();
/// // and in the end:
/// module.CopyTo(model);
/// </code>
/// </example>
public sealed class SparseModule : nn.Module<Tensor, Tensor>
{
    private readonly TrainedLayer[] _layers;

    /// <summary>Creates a module that computes exactly (<see cref="TrainingMode.Exact"/>), with every weight active, initialised as torch.nn.Linear is.</summary>
    /// <param name="model">The model as declared: <c>Mlp.Descriptor</c>.</param>
    /// <param name="seed">Equal seeds give equal weights; without one, torch's own generator draws them.</param>
    /// <exception cref="ArgumentException">The model has no layers.</exception>
    /// <exception cref="DllNotFoundException">libtorch can't be loaded; see <see cref="LibTorch"/>.</exception>
    public SparseModule(ModelDescriptor model, long? seed = null)
        : this(model, seed, (i, initial) => new MaskedLinear(model.Layers[i], initial, null))
    {
    }

    private SparseModule(ModelDescriptor model, long? seed, Func<int, InitialValues, TrainedLayer> layer)
        : base(NameOnceLoadable(model))
    {
        Model = model;
        using var generator = seed is { } value ? new Generator((ulong)value) : null;
        var initial = new InitialValues(generator);
        _layers = [.. Enumerable.Range(0, model.Layers.Count).Select(i => layer(i, initial))];
        foreach (var own in _layers)
        {
            register_module(own.Layer.Name, own);
        }
    }

    /// <summary>The model as declared.</summary>
    public ModelDescriptor Model { get; }

    /// <summary>The layers in the order they run: each a <see cref="MaskedLinear"/>, or each a <see cref="SparseLinear"/>.</summary>
    public IReadOnlyList<TrainedLayer> Layers => _layers;

    /// <summary>Creates a module for an annotated class, which computes exactly and has every weight active.</summary>
    /// <typeparam name="TModel">The class marked with <see cref="SparseModelAttribute"/>.</typeparam>
    /// <param name="seed">Equal seeds give equal weights; without one, torch's own generator draws them.</param>
    public static SparseModule For<TModel>(long? seed = null)
        where TModel : ISparseModel
        => new(TModel.Descriptor, seed);

    /// <summary>Creates a module for an annotated class.</summary>
    /// <typeparam name="TModel">The class marked with <see cref="SparseModelAttribute"/>; for <see cref="TrainingMode.Sparse"/>, with Training = true.</typeparam>
    /// <param name="mode">How it computes.</param>
    /// <param name="seed">Equal seeds give equal weights, in both modes; without one, torch's own generator draws them.</param>
    /// <param name="masks">
    /// A mask for each layer, row-major [out, in]: true for an active weight; without masks all are active. In <see cref="TrainingMode.Sparse"/> the
    /// parameters have room for as many active weights and no more: <see cref="KernelGen.Pruning.RandomMasks"/> makes masks to begin with.
    /// </param>
    /// <param name="room">
    /// In <see cref="TrainingMode.Sparse"/>: for how many times its active weights an unstructured layer has room, at least 1. More than 1 lets layers
    /// exchange weights (<see cref="KernelGen.Pruning.Rewiring.Redistributes"/>), and takes memory for as many.
    /// </param>
    /// <exception cref="ArgumentException">The masks don't fit the layers or their patterns.</exception>
    /// <exception cref="InvalidOperationException">The mode is Sparse, and the model isn't marked for training.</exception>
    public static SparseModule For<TModel>(TrainingMode mode, long? seed = null, IReadOnlyList<bool[]>? masks = null, double room = 1)
        where TModel : ISparseModel, new()
    {
        if (room is not (>= 1 and < double.PositiveInfinity))
        {
            throw new ArgumentOutOfRangeException(nameof(room), room, "A layer has room for its active weights at least: 1 times as many.");
        }

        var model = TModel.Descriptor;
        Check(model, masks);
        if (mode == TrainingMode.Exact)
        {
            return new(model, seed, (i, initial) => new MaskedLinear(model.Layers[i], initial, masks?[i]));
        }

        var layers = new TModel().Layers;
        foreach (var layer in layers)
        {
            KernelGen.Training.TrainableLinear.Checked(layer);
        }

        return new(model, seed, (i, initial) => new SparseLinear(layers[i], initial, masks?[i], room));
    }

    /// <summary>Runs the model.</summary>
    /// <param name="input">Activations [..., in], of the weights' type.</param>
    /// <returns>Activations [..., out].</returns>
    /// <exception cref="ArgumentException">The shape or the type doesn't fit.</exception>
    public override Tensor forward(Tensor input)
    {
        var activations = input;
        foreach (var layer in _layers)
        {
            var output = layer.call(activations);
            if (!ReferenceEquals(activations, input))
            {
                activations.Dispose();
            }

            activations = output;
        }

        return activations;
    }

    /// <summary>
    /// Has layers compute with a function of their weights from now on: <see cref="SoftThreshold"/>, <see cref="HardConcrete"/> and others. Its parameters
    /// are the module's too: create the optimiser afterwards.
    /// </summary>
    /// <param name="create">Called for each layer that has a sparsity pattern; null leaves a layer as it is.</param>
    /// <exception cref="ArgumentException">A method doesn't fit a layer's pattern; nothing was changed.</exception>
    /// <exception cref="InvalidOperationException">The module trains on the emitted kernels, or a layer is reparametrised already; nothing was changed.</exception>
    public void Reparametrise(Func<MaskedLinear, Reparametrisation?> create)
    {
        ArgumentNullException.ThrowIfNull(create);
        if (_layers.OfType<SparseLinear>().FirstOrDefault() is { } sparse)
        {
            throw new InvalidOperationException(
                $"Layer '{sparse.Layer.Name}' trains on the emitted kernels, which know no function of their weights: create the module with {nameof(TrainingMode)}.{nameof(TrainingMode.Exact)}.");
        }

        if (_layers.Cast<MaskedLinear>().FirstOrDefault(layer => layer.Reparametrisation is not null) is { } taken)
        {
            throw new InvalidOperationException($"Layer '{taken.Layer.Name}' is reparametrised already: call Commit first.");
        }

        // All before the first is used.
        var next = _layers.Cast<MaskedLinear>().Select(layer => (Layer: layer, Created: layer.HasPattern ? create(layer) : null)).ToArray();
        foreach (var (layer, created) in next)
        {
            layer.ThrowIfOfAnother(created);
        }

        foreach (var (layer, created) in next)
        {
            if (created is not null)
            {
                layer.Reparametrise(_ => created);
            }
        }
    }

    /// <summary>
    /// Has layers compute as their <see cref="GrowAttribute"/> declare, a layer's own in place of the class's: by <see cref="TopKast"/>
    /// (<see cref="Growth.TopKast"/>) with the density that the model declares, and gradients for three times as many weights, or by
    /// <see cref="StraightThroughNM"/> (<see cref="Growth.SRSte"/>). Create the optimiser afterwards, add <see cref="Penalty"/> to the loss, and call
    /// <see cref="Commit"/> in the end. Layers for which nothing is declared stay as they are.
    /// </summary>
    /// <exception cref="ArgumentException">
    /// The model declares no growth, or one that isn't followed here; a method doesn't fit a layer's pattern, or Top-KAST the budget: one that competes over layers,
    /// or keeps a minimum of each output. Nothing was changed.
    /// </exception>
    /// <exception cref="InvalidOperationException">The module trains on the emitted kernels, or a layer is reparametrised already; nothing was changed.</exception>
    public void ReparametriseAsDeclared() => Reparametrise(DeclaredReparametrisations.Of(Model));

    /// <summary>The sum of the penalties of what layers are reparametrised by: a term for the loss.</summary>
    /// <returns>A number; 0 where there are none.</returns>
    public Tensor Penalty()
    {
        using var scope = NewDisposeScope();
        var penalties = _layers.OfType<MaskedLinear>().Select(layer => layer.Penalty()).OfType<Tensor>().ToArray();
        return (penalties.Length > 0 ? penalties.Aggregate((sum, penalty) => sum + penalty) : zeros([])).MoveToOuterDisposeScope();
    }

    /// <summary>Checks that layers compute with their weights as they are, which pruning ranks.</summary>
    /// <exception cref="InvalidOperationException">One computes with a function of its weights.</exception>
    internal void ThrowIfReparametrised()
    {
        if (_layers.OfType<MaskedLinear>().FirstOrDefault(layer => layer.Reparametrisation is not null) is { } layer)
        {
            throw new InvalidOperationException(
                $"Layer '{layer.Layer.Name}' computes with a function of its weights, {layer.Reparametrisation!.GetType().Name}: call Commit first, which makes plain weights of it.");
        }
    }

    /// <summary>Turns layers that are reparametrised into plain weights and masks: see <see cref="MaskedLinear.Commit()"/>. Begin with a new optimiser.</summary>
    /// <exception cref="InvalidOperationException">What would be left breaks a layer's pattern; nothing was changed.</exception>
    public void Commit()
    {
        var finals = _layers.OfType<MaskedLinear>().Select(layer => (Layer: layer, Final: layer.ReadFinal())).ToArray();
        foreach (var (layer, final) in finals)
        {
            layer.Commit(final);
        }
    }

    /// <summary>Copies weights, masks and biases to a model with the same layers.</summary>
    /// <param name="model">The model that runs on the emitted kernels.</param>
    /// <exception cref="ArgumentException">
    /// The layers differ, or a mask breaks its pattern: N:M does until pruning has ended.
    /// </exception>
    /// <exception cref="InvalidOperationException">A layer is reparametrised: call <see cref="Commit"/> first.</exception>
    public void CopyTo(ISparseModel model) => ModelTransfer.ToModel(this, model);

    /// <summary>Copies weights, masks and biases from a model with the same layers, to train it further; begin with a new optimiser.</summary>
    /// <param name="model">The model that runs on the emitted kernels.</param>
    /// <exception cref="ArgumentException">The layers differ.</exception>
    /// <exception cref="InvalidOperationException">A layer of the model has no weights yet, or more than the module's has room for; nothing was changed.</exception>
    public void CopyFrom(ISparseModel model) => ModelTransfer.FromModel(this, model);

    private static void Check(ModelDescriptor model, IReadOnlyList<bool[]>? masks)
    {
        if (masks is null)
        {
            return;
        }

        if (masks.Count != model.Layers.Count)
        {
            throw new ArgumentException($"Model {model.Name} has {model.Layers.Count} layers, but got {masks.Count} masks.", nameof(masks));
        }

        for (var i = 0; i < masks.Count; i++)
        {
            if (model.Layers[i].FindViolation(masks[i]) is { } violation)
            {
                throw new ArgumentException($"{violation} KernelGen.Pruning.RandomMasks makes masks that fit.", nameof(masks));
            }
        }
    }

    // An argument of the base constructor: that one touches torch already.
    private static string NameOnceLoadable(ModelDescriptor model)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (model.Layers.Count == 0)
        {
            throw new ArgumentException($"Model {model.Name} has no layers.", nameof(model));
        }

        LibTorch.EnsureLoadable();
        return model.Name;
    }
}
