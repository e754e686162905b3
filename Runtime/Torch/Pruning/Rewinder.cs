using KernelGen.Formats;
using KernelGen.Training;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace KernelGen.Torch;

/// <summary>
/// Remembers a run as it is now, and brings it back there after each round of pruning, but for the masks: weights that are still active have their
/// remembered values again, and the optimiser its rates and memory (the lottery ticket hypothesis, Frankle and Carbin 2019, arXiv
/// 1803.03635; from a step after the first, Frankle et al. 2020, arXiv 1912.05671).
/// </summary>
public sealed class Rewinder : IDisposable
{
    private readonly SparseModule _module;
    private readonly OptimizerHelper _optimizer;
    private readonly OptimizerMemory _memory;
    private readonly byte[] _state;
    private readonly Remembered[] _layers;

    /// <summary>Remembers weights, biases, the parameters of what layers are reparametrised by, and the optimiser's state.</summary>
    /// <param name="module">The module, before its first step, or after some.</param>
    /// <param name="optimizer">Its optimiser: one of TorchSharp's that is written in C#, or derived from one.</param>
    /// <exception cref="ArgumentException">The optimiser's state is out of reach, or it doesn't hold the module's weights.</exception>
    public Rewinder(SparseModule module, optim.Optimizer optimizer)
    {
        ArgumentNullException.ThrowIfNull(module);
        _module = module;
        _optimizer = OptimizerStates.Helper(optimizer);
        _memory = new OptimizerMemory(module, optimizer);
        using var memory = new MemoryStream();
        using (var writer = new BinaryWriter(memory))
        {
            _optimizer.save_state_dict(writer);
        }

        _state = memory.ToArray();
        _layers = [.. module.Layers.Select(layer => new Remembered(layer))];
    }

    /// <summary>
    /// Brings back what was remembered, for the weights that are active now; of those that were pruned then and grew since, 0. A schedule
    /// of learning rates is the program's own: create it anew.
    /// </summary>
    /// <param name="pruner">The pruner of the run, so that what it added up over the steps begins anew; optional.</param>
    public void Rewind(Pruner? pruner = null)
    {
        using (var reader = new BinaryReader(new MemoryStream(_state)))
        {
            _optimizer.load_state_dict(reader);
        }

        foreach (var tensor in _optimizer.state_dict().State.SelectMany(OptimizerStates.Tensors))
        {
            tensor.DetachFromDisposeScope();
        }

        for (var i = 0; i < _layers.Length; i++)
        {
            _layers[i].WriteTo(_module.Layers[i], _memory.Of(i));
        }

        pruner?.ClearSums();
    }

    /// <summary>Frees what is remembered.</summary>
    public void Dispose()
    {
        foreach (var layer in _layers)
        {
            layer.Dispose();
        }
    }

    private sealed class Remembered(TrainedLayer layer) : IDisposable
    {
        private readonly SparseMatrix? _mask = (layer as SparseLinear)?.Current;
        private readonly Tensor _weight = layer.Weight.detach().clone().DetachFromDisposeScope();
        private readonly Tensor? _bias = layer.Bias?.detach().clone().DetachFromDisposeScope();
        private readonly Tensor[] _function = [.. Function(layer).Select(parameter => parameter.detach().clone().DetachFromDisposeScope())];

        public void WriteTo(TrainedLayer layer, IEnumerable<Tensor> memory)
        {
            using (no_grad())
            {
                layer.Weight.copy_(_weight);
                layer.Bias?.copy_(_bias!);
                foreach (var (parameter, then) in Function(layer).Zip(_function))
                {
                    parameter.copy_(then);
                }
            }

            if (_mask is null)
            {
                layer.ForgetPruned(memory);
                return;
            }

            // Numbers of the mask then, on their way to the mask now.
            var change = new MaskChange(_mask, ((SparseLinear)layer).Current);
            foreach (var tensor in memory.Prepend(layer.Weight))
            {
                change.Move(TensorData.Span(tensor));
            }
        }

        public void Dispose()
        {
            _weight.Dispose();
            _bias?.Dispose();
            foreach (var tensor in _function)
            {
                tensor.Dispose();
            }
        }

        // Thresholds, gates, variances.
        private static IEnumerable<Parameter> Function(TrainedLayer layer) => (layer as MaskedLinear)?.Reparametrisation?.parameters() ?? [];
    }
}
