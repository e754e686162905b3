using KernelGen.Dispatch;
using KernelGen.Formats;

namespace KernelGen;

/// <summary>
/// A layer's weights and what is built from them: replaced as a whole, never changed. Packs are built when first needed, each at
/// most once, and shared by kernels of equal format.
/// </summary>
internal sealed class LayerState(LayerDescriptor descriptor, LayerKernels? sparse, LayerKernels dense, SparseMatrix weights, float[] bias)
{
    private readonly Lock _building = new();
    private readonly List<Pack> _packs = [];
    private readonly PackedKernel<PanelKernel>?[] _panels = new PackedKernel<PanelKernel>?[InstructionSets];
    private readonly PackedKernel<PanelKernel>?[] _panelsInPlaceOfVectors = new PackedKernel<PanelKernel>?[InstructionSets];
    private readonly PackedKernel<VectorKernel>?[] _vectors = new PackedKernel<VectorKernel>?[InstructionSets];

    public LayerDescriptor Descriptor { get; } = descriptor;

    public SparseMatrix Weights { get; } = weights;

    /// <summary>One for each output, or empty where the layer has none.</summary>
    public float[] Bias { get; } = bias;

    private static int InstructionSets { get; } = Enum.GetValues<InstructionSet>().Length;

    /// <summary>What runs a panel of samples.</summary>
    public PackedKernel<PanelKernel> Panel(InstructionSet set)
        => Volatile.Read(ref _panels[(int)set]) ?? Build(ref _panels[(int)set], ChoosePanel(set));

    /// <summary>What runs a single sample.</summary>
    public PackedKernel<VectorKernel> Vector(InstructionSet set)
        => Volatile.Read(ref _vectors[(int)set]) ?? Build(ref _vectors[(int)set], ChooseVector(set));

    /// <summary>What runs a sample that the latency kernel declines: sparse if that one is, whatever the density.</summary>
    public PackedKernel<PanelKernel> PanelInPlaceOfVector(InstructionSet set)
    {
        ref var slot = ref _panelsInPlaceOfVectors[(int)set];
        return Volatile.Read(ref slot) ?? Build(ref slot, ChoosePanel(set, ChooseVector(set).IsSparse));
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

    private KernelChoice<VectorKernel> ChooseVector(InstructionSet set)
        => KernelChoice.Of(Descriptor, sparse?.Vector, dense.Vector, set, Weights.Density);

    private KernelChoice<PanelKernel> ChoosePanel(InstructionSet set, bool preferSparse = false)
    {
        var chosen = KernelChoice.Of(Descriptor, sparse?.Panel, dense.Panel, set, Weights.Density);
        var alternative = preferSparse && !chosen.IsSparse ? sparse?.Panel.FirstOrDefault(kernel => kernel.InstructionSet == set) : null;
        return alternative is null ? chosen : new(alternative, true, "the latency kernel is sparse");
    }

    private PackedKernel<TKernel> Build<TKernel>(ref PackedKernel<TKernel>? slot, KernelChoice<TKernel> choice)
        where TKernel : Kernel
    {
        lock (_building)
        {
            if (slot is null)
            {
                var packed = new PackedKernel<TKernel>(choice.Kernel, PackFor(choice.Kernel.Format), Descriptor, choice.Reason);
                Volatile.Write(ref slot, packed);
            }

            return slot;
        }
    }

    private Pack PackFor(PackFormat format)
    {
        var pack = _packs.Find(candidate => candidate.Format == format);
        if (pack is null)
        {
            pack = Pack.Create(Weights, Bias, format);
            _packs.Add(pack);
        }

        return pack;
    }
}
