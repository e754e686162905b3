using TorchSharp;
using static TorchSharp.torch;

namespace KernelGen.Torch;

/// <summary>
/// Measures how many activations are 0 behind each layer, in whatever runs through it from the constructor until <see cref="Dispose"/>: what kernels
/// that skip zeros of activations could save.
/// </summary>
/// <example>
/// <code>
/// using var activity = new ActivationSparsity(module.Layers);
/// module.call(images);
/// Console.WriteLine(string.Join(", ", activity.Shares));   // one of each layer
/// </code>
/// </example>
public sealed class ActivationSparsity : IDisposable
{
    private readonly List<Action> _remove = [];
    private readonly long[] _zeros;
    private readonly long[] _all;

    /// <summary>Begins to measure.</summary>
    /// <param name="modules">What to measure behind: the layers of a module, or other modules between them.</param>
    public ActivationSparsity(IEnumerable<nn.Module<Tensor, Tensor>> modules)
    {
        ArgumentNullException.ThrowIfNull(modules);
        var list = modules.ToArray();
        (_zeros, _all) = (new long[list.Length], new long[list.Length]);
        foreach (var (i, module) in list.Index())
        {
            var hook = module.register_forward_hook((_, _, output) =>
            {
                using var withoutGradient = no_grad();
                using var count = output.count_nonzero();
                _all[i] += output.NumberOfElements;
                _zeros[i] += output.NumberOfElements - count.item<long>();
                return output;
            });
            _remove.Add(hook.remove);
        }
    }

    /// <summary>The share of zeros behind each, in order; NaN where nothing ran.</summary>
    public IReadOnlyList<double> Shares => [.. _zeros.Zip(_all, (zeros, all) => (double)zeros / all)];

    /// <summary>Ends measuring.</summary>
    public void Dispose()
    {
        _remove.ForEach(remove => remove());
        _remove.Clear();
    }
}
