namespace KernelGen.Formats;

/// <summary>How a layer's weights lie in memory for one kernel. Every pack also holds the bias, zero-padded to <see cref="PaddedRows"/>.</summary>
public abstract record PackFormat
{
    private protected PackFormat()
    {
    }

    /// <summary>
    /// The rows that the kernel reads bias for, at least <paramref name="rows"/>. A latency kernel writes as many outputs; a throughput
    /// kernel writes exactly <paramref name="rows"/>.
    /// </summary>
    /// <param name="rows">Outputs of the layer.</param>
    public abstract int PaddedRows(int rows);

    /// <summary>The columns whose activations the kernel may read, at least <paramref name="columns"/>; those beyond must be zero.</summary>
    /// <param name="columns">Inputs of the layer.</param>
    public virtual int PaddedColumns(int columns) => columns;

    /// <summary>Rounds up to a multiple.</summary>
    private protected static int RoundUp(int value, int multiple) => checked((value + multiple - 1) / multiple * multiple);
}
