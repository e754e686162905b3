using TorchSharp;
using static TorchSharp.torch;

namespace KernelGen.Torch;

/// <summary>
/// A model as torch trains it, built from its annotations: the layers in order, each with its parameters <c>Fc1.weight</c>
/// [out, in] and <c>Fc1.bias</c> [out] and, where it has a sparsity pattern, the buffer <c>Fc1.mask</c> (bool, [out, in]).
/// </summary>
/// <example>
/// <code>
/// var module = SparseModule.For&lt;Mlp&gt;(seed: 1);
/// var optimizer = torch.optim.Adam(module.parameters());
/// var pruner = new Pruner(module, optimizer, totalSteps);
/// // in the loop, after optimizer.step():
/// pruner.Step();
/// // and in the end:
/// module.CopyTo(model);
/// </code>
/// </example>
public sealed class SparseModule : nn.Module<Tensor, Tensor>
{
    private readonly MaskedLinear[] _layers;

    /// <summary>Creates a module with every weight active, initialised as torch.nn.Linear is.</summary>
    /// <param name="model">The model as declared: <c>Mlp.Descriptor</c>.</param>
    /// <param name="seed">Equal seeds give equal weights; without one, torch's own generator draws them.</param>
    /// <exception cref="ArgumentException">The model has no layers.</exception>
    /// <exception cref="DllNotFoundException">libtorch can't be loaded; see <see cref="LibTorch"/>.</exception>
    public SparseModule(ModelDescriptor model, long? seed = null)
        : base(NameOnceLoadable(model))
    {
        Model = model;
        using var generator = seed is { } value ? new Generator((ulong)value) : null;
        _layers = [.. model.Layers.Select(layer => new MaskedLinear(layer, generator))];
        foreach (var layer in _layers)
        {
            register_module(layer.Layer.Name, layer);
        }
    }

    /// <summary>The model as declared.</summary>
    public ModelDescriptor Model { get; }

    /// <summary>The layers in the order they run.</summary>
    public IReadOnlyList<MaskedLinear> Layers => _layers;

    /// <summary>Creates a module for an annotated class.</summary>
    /// <typeparam name="TModel">The class marked with <see cref="SparseModelAttribute"/>.</typeparam>
    /// <param name="seed">Equal seeds give equal weights; without one, torch's own generator draws them.</param>
    public static SparseModule For<TModel>(long? seed = null)
        where TModel : ISparseModel
        => new(TModel.Descriptor, seed);

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

    /// <summary>Copies weights, masks and biases to a model with the same layers.</summary>
    /// <param name="model">The model that runs on the emitted kernels.</param>
    /// <exception cref="ArgumentException">
    /// The layers differ, or a mask breaks its pattern: N:M does until pruning has ended.
    /// </exception>
    public void CopyTo(ISparseModel model) => ModelTransfer.ToModel(this, model);

    /// <summary>Copies weights, masks and biases from a model with the same layers, to train it further.</summary>
    /// <param name="model">The model that runs on the emitted kernels.</param>
    /// <exception cref="ArgumentException">The layers differ.</exception>
    /// <exception cref="InvalidOperationException">A layer of the model has no weights yet.</exception>
    public void CopyFrom(ISparseModel model) => ModelTransfer.FromModel(this, model);

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
