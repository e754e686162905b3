using KernelGen.Benchmarks.Kernels;
using KernelGen.Benchmarks.Models;
using KernelGen.Benchmarks.Weights;
using KernelGen.Dispatch;
using KernelGen.Formats;
using KernelGen.Serialization;

namespace KernelGen.Benchmarks.FormatSizes;

/// <summary>A layer of 1024 x 1024 with random weights of a density.</summary>
/// <param name="Layer">The layer.</param>
/// <param name="Density">Fraction of nonzeros.</param>
internal sealed record FormatCase(Linear Layer, double Density)
{
    private static readonly double[] Densities = [0.5, 0.3, 0.2, 0.1, 0.05, 0.02, 0.01];

    private readonly SparseMatrix _weights = RandomWeights.Of(Layer, Density);

    public SparsityPattern Pattern => Layer.Descriptor.Pattern!;

    public long Nonzeros => _weights.Nonzeros;

    /// <summary>The fewest bits a nonzero that an index can take.</summary>
    public double Bound => EntropyBound.BitsPerNonzero(Pattern, (long)_weights.Rows * _weights.Columns, Nonzeros);

    public static IEnumerable<FormatCase> All() =>
    [
        .. Over<Shape1024x1024.Unstructured>(Densities),
        .. Over<Shape1024x1024.NM2Of4>(0.5),
        .. Over<Shape1024x1024.NM4Of8>(0.5),
        .. Over<Shape1024x1024.NM1Of4>(0.25),
        .. Over<Shape1024x1024.NM1Of8>(0.125),
        .. Over<Shape1024x1024.Block16x1>(Densities),
        .. Over<Shape1024x1024.Block4x4>(Densities),
    ];

    /// <summary>Every index format that a file can have, with its bits a nonzero.</summary>
    public IReadOnlyList<(string Name, double Bits)> OnDisk()
    {
        var mask = MaskGrid.Of(_weights);
        return [.. MaskIndexes.Candidates(mask, Pattern).Select(index => (index.Name, Bits(index, mask)))];
    }

    /// <summary>The one that a file takes.</summary>
    public (string Name, double Bits) Chosen()
    {
        var mask = MaskGrid.Of(_weights);
        var index = MaskIndexes.Smallest(mask, Pattern);
        return (index.Name, Bits(index, mask));
    }

    /// <summary>The packs that AVX-512 kernels read, with their bytes a nonzero: values and padding, indices, counts; without the bias.</summary>
    public IReadOnlyList<(PackFormat Format, double Bytes)> InMemory()
    {
        var kernels = Layer.SparseKernels!;
        return [.. kernels.Panel.Concat<Kernel>(kernels.Vector).Where(kernel => kernel.InstructionSet == InstructionSet.Avx512).Select(Packed)];
    }

    private static IEnumerable<FormatCase> Over<TModel>(params double[] densities)
        where TModel : ISparseModel, new()
        => densities.Select(density => new FormatCase(BenchedModel.Of<TModel>().Layer, density));

    private double Bits(MaskIndex index, MaskGrid mask) => 8.0 * index.Encode(mask).Length / Nonzeros;

    private (PackFormat Format, double Bytes) Packed(Kernel kernel)
    {
        var bytes = 0L;
        foreach (var part in Pack.Create(_weights, new float[_weights.Rows], kernel.Format).Parts)
        {
            bytes += part.Arrays.Bytes;
        }

        return (kernel.Format, (double)bytes / Nonzeros);
    }
}
