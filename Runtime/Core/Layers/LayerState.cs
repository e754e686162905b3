using KernelGen.Dispatch;
using KernelGen.Formats;

namespace KernelGen;

/// <summary>
/// A layer's weights and what is built from them: replaced as a whole, never changed. Packs are built when first needed, each at
/// most once, and shared by kernels of equal format. Quick packs share columns of neighbouring rows where they are for hundreds of batches.
/// </summary>
internal sealed class LayerState(
    LayerDescriptor descriptor, LayerKernels? sparse, LayerKernels dense, SparseMatrix weights, float[] bias, Packing packing, bool shares = false)
{
    private readonly Lock _building = new();
    private readonly List<Pack> _packs = [];
    private readonly PackedKernel<PanelKernel>?[] _panels = new PackedKernel<PanelKernel>?[InstructionSets];
    private readonly PackedKernel<PanelKernel>?[] _panelsInPlaceOfVectors = new PackedKernel<PanelKernel>?[InstructionSets];
    private readonly PackedKernel<VectorKernel>?[] _vectors = new PackedKernel<VectorKernel>?[InstructionSets];

    private readonly RegimeCycles?[] _cycles = new RegimeCycles?[InstructionSets];

    public LayerDescriptor Descriptor { get; } = descriptor;

    public SparseMatrix Weights { get; } = weights;

    /// <summary>One for each output, or empty where the layer has none.</summary>
    public float[] Bias { get; } = bias;

    /// <summary>How the packs are made, and the kernels chosen.</summary>
    public Packing Packing { get; } = packing;

    private static int InstructionSets { get; } = Enum.GetValues<InstructionSet>().Length;

    /// <summary>What runs a panel of samples.</summary>
    public PackedKernel<PanelKernel> Panel(InstructionSet set)
        => Volatile.Read(ref _panels[(int)set]) ?? BuildPanel(set);

    /// <summary>What runs a single sample.</summary>
    public PackedKernel<VectorKernel> Vector(InstructionSet set)
        => Volatile.Read(ref _vectors[(int)set]) ?? BuildVector(set);

    /// <summary>What runs a sample that the latency kernel declines: sparse if that one is, whatever the density.</summary>
    public PackedKernel<PanelKernel> PanelInPlaceOfVector(InstructionSet set)
        => Volatile.Read(ref _panelsInPlaceOfVectors[(int)set]) ?? BuildPanelInPlaceOfVector(set);

    /// <summary>What the layer is estimated to take; packs nothing.</summary>
    public RegimeCycles Cycles(InstructionSet set)
    {
        // Two threads may estimate the same at once: they find the same.
        ref var slot = ref _cycles[(int)set];
        if (Volatile.Read(ref slot) is null)
        {
            var (vector, panel) = (Best(sparse?.Vector, dense.Vector), Best(sparse?.Panel, dense.Panel));
            Volatile.Write(ref slot, new RegimeCycles(Estimate(vector), Estimate(panel), panel.Format is PanelCsrFormat));
        }

        return slot!;

        Kernel Best(IReadOnlyList<Kernel>? sparseKernels, IReadOnlyList<Kernel> denseKernels)
            => KernelChoice.Of(Descriptor, sparseKernels, denseKernels, set, Estimate, "estimated").Kernel;
    }

    /// <summary>Builds what another state of the same layer has built.</summary>
    public void BuildLike(LayerState other)
    {
        for (var set = 0; set < InstructionSets; set++)
        {
            if (Volatile.Read(ref other._panels[set]) is not null)
            {
                _ = Panel((InstructionSet)set);
            }

            if (Volatile.Read(ref other._vectors[set]) is not null)
            {
                _ = Vector((InstructionSet)set);
            }

            if (Volatile.Read(ref other._panelsInPlaceOfVectors[set]) is not null)
            {
                _ = PanelInPlaceOfVector((InstructionSet)set);
            }
        }
    }

    /// <summary>The same layer with what is built, and without the weights that it was built from: nothing more can be.</summary>
    public LayerState WithoutWeights()
    {
        var empty = SparseMatrix.FromCsr(Weights.Rows, Weights.Columns, new int[Weights.Rows + 1], [], []);
        var state = new LayerState(Descriptor, sparse, dense, empty, Bias, Packing);
        _panels.CopyTo(state._panels, 0);
        _vectors.CopyTo(state._vectors, 0);
        _panelsInPlaceOfVectors.CopyTo(state._panelsInPlaceOfVectors, 0);
        return state;
    }

    // Methods of their own: a lambda captures, and running a built kernel must not allocate.
    private PackedKernel<PanelKernel> BuildPanel(InstructionSet set)
        => Build(ref _panels[(int)set], () => Choose(sparse?.Panel, dense.Panel, set));

    private PackedKernel<VectorKernel> BuildVector(InstructionSet set)
        => Build(ref _vectors[(int)set], () => Choose(sparse?.Vector, dense.Vector, set));

    private PackedKernel<PanelKernel> BuildPanelInPlaceOfVector(InstructionSet set)
        => Build(ref _panelsInPlaceOfVectors[(int)set], () =>
        {
            var usual = Panel(set);
            return Vector(set).IsSparse && !usual.IsSparse && sparse?.Panel.FirstOrDefault(kernel => kernel.InstructionSet == set) is { } alternative
                ? new(alternative, true, "the latency kernel is sparse")
                : new(usual.Kernel, usual.IsSparse, usual.Reason);
        });

    private KernelChoice<TKernel> Choose<TKernel>(IReadOnlyList<TKernel>? sparse, IReadOnlyList<TKernel> dense, InstructionSet set)
        where TKernel : Kernel
        => Packing == Packing.Measured
            ? KernelChoice.Of(Descriptor, sparse, dense, set, kernel => new KernelTrial(kernel, PackFor(kernel.Format), Descriptor).Seconds(), "measured")
            : KernelChoice.Of(Descriptor, sparse, dense, set, Estimate, "estimated");

    private double Estimate(Kernel kernel) => CostModel.Current.Cycles(kernel, Weights, Packing == Packing.Quick);

    private PackedKernel<TKernel> Build<TKernel>(ref PackedKernel<TKernel>? slot, Func<KernelChoice<TKernel>> choose)
        where TKernel : Kernel
    {
        lock (_building)
        {
            if (slot is null)
            {
                var choice = choose();
                var packed = new PackedKernel<TKernel>(choice.Kernel, PackFor(choice.Kernel.Format), Descriptor, choice.IsSparse, choice.Reason);
                Volatile.Write(ref slot, packed);
                // What was only packed to be measured goes.
                _packs.RemoveAll(pack => !IsUsed(pack));
            }

            return slot;
        }
    }

    private bool IsUsed(Pack pack)
        => _panels.Concat(_panelsInPlaceOfVectors).Any(kernel => kernel?.Pack == pack) || _vectors.Any(kernel => kernel?.Pack == pack);

    private Pack PackFor(PackFormat format)
    {
        var pack = _packs.Find(candidate => candidate.Format == format);
        if (pack is null)
        {
            pack = Pack.Create(Weights, Bias, format, Packing == Packing.Quick, shares);
            _packs.Add(pack);
        }

        return pack;
    }
}
