using System.Collections.ObjectModel;
using System.ComponentModel;
using KernelGen.Masks;
using KernelGen.Serialization;
using KernelGen.Vectors;

namespace KernelGen.Dispatch;

/// <summary>Layers that run one after the other: what an emitted model forwards to.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class SparseNetwork
{
    private readonly Linear[] _layers;
    private readonly PanelTransform?[] _transforms = new PanelTransform?[Enum.GetValues<InstructionSet>().Length];
    private readonly WorkspacePool _workspaces;
    private readonly ModelDescriptor _descriptor;
    private readonly Lock _loading = new();

    // Odd while a load swaps the layers.
    private long _loads;

    /// <summary>Chains layers; called by emitted code.</summary>
    /// <param name="descriptor">The model as declared.</param>
    /// <param name="layers">The layers in the order they run, at least one; each takes what the one before gives.</param>
    public SparseNetwork(ModelDescriptor descriptor, Linear[] layers)
        : this(descriptor, layers, PanelTransforms.All)
    {
    }

    /// <summary>Chains layers with transposes of one's own at their ends, one for each instruction set: tests write garbage wherever they may.</summary>
    internal SparseNetwork(ModelDescriptor descriptor, Linear[] layers, PanelTransform[] transforms)
    {
        ArgumentNullException.ThrowIfNull(descriptor);
        ArgumentNullException.ThrowIfNull(layers);
        ArgumentOutOfRangeException.ThrowIfZero(layers.Length, nameof(layers));
        for (var i = 1; i < layers.Length; i++)
        {
            if (layers[i].InFeatures != layers[i - 1].OutFeatures)
            {
                throw new ArgumentException(
                    $"Layer '{layers[i].Name}\' takes {layers[i].InFeatures} features, " +
                    $"but '{layers[i - 1].Name}' gives {layers[i - 1].OutFeatures}.",
                    nameof(layers));
            }
        }

        foreach (var transform in transforms)
        {
            _transforms[(int)transform.InstructionSet] = transform;
        }

        _layers = [.. layers];
        Layers = new ReadOnlyCollection<Linear>(_layers);
        _workspaces = new WorkspacePool(layers.Length);
        _descriptor = descriptor;
    }

    /// <summary>The layers in the order they run.</summary>
    public IReadOnlyList<Linear> Layers { get; }

    /// <inheritdoc cref="ISparseModel.Forward(ReadOnlySpan{float}, Span{float}, int)"/>
    public void Forward(ReadOnlySpan<float> input, Span<float> output, int batch)
        => Forward(input, output, batch, Layout.RowMajor);

    /// <inheritdoc cref="ISparseModel.Forward(ReadOnlySpan{float}, Span{float}, int, Layout)"/>
    public unsafe void Forward(ReadOnlySpan<float> input, Span<float> output, int batch, Layout layout)
    {
        Validate(input, output, batch, layout);
        if (batch == 0)
        {
            return;
        }

        var set = Isa.Current;
        var workspace = _workspaces.Rent();
        try
        {
            Snapshot(workspace.States);
            fixed (float* x = input, y = output)
            {
                if (Regimes.RunsOneByOne(workspace.States, set, batch))
                {
                    LatencyRunner.Run(workspace, set, x, y, batch, layout);
                }
                else
                {
                    workspace.Throughput.Run(set, layout == Layout.RowMajor ? TransformFor(set) : null, x, y, batch);
                }
            }
        }
        finally
        {
            // It holds the states, and they the packs, until here.
            _workspaces.Return(workspace);
        }
    }

    /// <inheritdoc cref="ISparseModel.Load(string, IReadOnlyDictionary{string, string})"/>
    public void Load(string path, IReadOnlyDictionary<string, string>? names = null)
    {
        using var stream = File.OpenRead(path);
        try
        {
            Load(stream, names);
        }
        catch (InvalidDataException e)
        {
            throw new InvalidDataException($"{path}: {e.Message}", e);
        }
    }

    /// <inheritdoc cref="ISparseModel.Load(Stream, IReadOnlyDictionary{string, string})"/>
    public void Load(Stream stream, IReadOnlyDictionary<string, string>? names = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        var read = ModelFile.Read(stream, _descriptor, names);
        var states = new LayerState[_layers.Length];
        for (var i = 0; i < states.Length; i++)
        {
            var (weights, bias) = read[i];
            if (PatternCheck.FindViolation(_layers[i].Descriptor, weights) is { } violation)
            {
                throw new InvalidDataException(
                    $"{violation} A file must be pruned to the patterns: load a dense one into a class with the same layers and no " +
                    "patterns, and pass its weights to SetWeights with the masks that KernelGen.Pruning.ModelPruner.PruneNow makes.");
            }

            states[i] = _layers[i].CreateState(weights, bias);
        }

        Replace(states);
    }

    /// <inheritdoc cref="ISparseModel.Save(string)"/>
    public void Save(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        var layers = CurrentWeights();
        AtomicFile.Write(path, stream => ModelFile.Write(stream, _descriptor, layers));
    }

    /// <inheritdoc cref="ISparseModel.Save(Stream)"/>
    public void Save(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ModelFile.Write(stream, _descriptor, CurrentWeights());
    }

    /// <summary>Replaces the layers' states; whoever takes a snapshot meanwhile waits, and gets all of them.</summary>
    internal void Replace(IEnumerable<LayerState> states)
    {
        lock (_loading)
        {
            Interlocked.Increment(ref _loads);
            try
            {
                var i = 0;
                foreach (var state in states)
                {
                    _layers[i++].State = state;
                }
            }
            finally
            {
                Interlocked.Increment(ref _loads);
            }
        }
    }

    private void Validate(ReadOnlySpan<float> input, ReadOnlySpan<float> output, int batch, Layout layout)
    {
        ForwardArguments.Check(input.Length, output.Length, batch, layout, _layers[0].InFeatures, _layers[^1].OutFeatures);
        if (input.Overlaps(output))
        {
            throw new ArgumentException("The output overlaps the input: give it memory of its own.", nameof(output));
        }
    }

    /// <summary>Takes every layer's state: all from before a load or all from after it.</summary>
    private void Snapshot(LayerState?[] states)
    {
        var wait = default(SpinWait);
        while (true)
        {
            var loads = Volatile.Read(ref _loads);
            for (var i = 0; i < states.Length; i++)
            {
                states[i] = _layers[i].RequireState();
            }

            if ((loads & 1) == 0 && loads == Volatile.Read(ref _loads))
            {
                return;
            }

            wait.SpinOnce();
        }
    }

    private PanelTransform TransformFor(InstructionSet set)
        => _transforms[(int)set] ?? throw new InvalidOperationException($"There are no transposes for {Isa.NameOf(set)}.");

    private LayerWeights[] CurrentWeights()
    {
        var states = new LayerState[_layers.Length];
        Snapshot(states);
        return Array.ConvertAll(states, state => new LayerWeights(state.Weights, state.Bias));
    }
}
