namespace KernelGen.Vectors;

/// <summary>
/// The transposes between row-major batches and feature-major panels, for one instruction set.
/// Pack takes: source [columns][stride] row-major, stride, features, columns (1 to Panel.Width), panel (out): writes
/// panel[feature][column] for every feature and every live column; it may write garbage into the panel's other columns,
/// and into rows up to features rounded up to <see cref="Dispatch.Panel.RowMultiple"/>.
/// Unpack takes: panel, features, columns, destination (out) [columns][stride], stride: writes exactly [columns][features].
/// </summary>
internal sealed unsafe class PanelTransform
{
    private readonly delegate*<float*, nint, int, int, float*, void> _pack;
    private readonly delegate*<float*, int, int, float*, nint, void> _unpack;

    /// <summary>Wraps the methods.</summary>
    /// <param name="instructionSet">What the machine must support.</param>
    /// <param name="pack">Row-major batch to panel.</param>
    /// <param name="unpack">Panel to row-major batch.</param>
    public PanelTransform(
        InstructionSet instructionSet,
        delegate*<float*, nint, int, int, float*, void> pack,
        delegate*<float*, int, int, float*, nint, void> unpack)
    {
        InstructionSet = instructionSet;
        _pack = pack;
        _unpack = unpack;
    }

    /// <summary>What the machine must support.</summary>
    public InstructionSet InstructionSet { get; }

    public void Pack(float* source, nint stride, int features, int columns, float* panel)
        => _pack(source, stride, features, columns, panel);

    public void Unpack(float* panel, int features, int columns, float* destination, nint stride)
        => _unpack(panel, features, columns, destination, stride);
}
