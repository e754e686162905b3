using KernelGen.Formats;
using KernelGen.Training;
using Xunit;

namespace KernelGen.Runtime.Tests.Training;

/// <summary>Values that are brought to a pack stand where packing them would have put them.</summary>
public sealed class CsrPlacesTests
{
    private const int Seed = 20261127;

    [Theory]
    [InlineData(300, 700, 0.1, 128, 64, false)]
    [InlineData(300, 700, 0.6, 256, 32, false)]
    [InlineData(300, 700, 0.45, 128, 64, false)]
    [InlineData(301, 700, 0.25, 128, 64, false)]
    [InlineData(1000, 1100, 0.5, 128, 64, false)]
    [InlineData(2000, 300, 0.02, 128, 64, false)]
    [InlineData(37, 513, 0.3, 64, 16, true)]
    [InlineData(1, 1, 1, 128, 64, false)]
    [InlineData(129, 256, 1, 128, 64, false)]
    public unsafe void Values_follow(int rows, int columns, double density, int blockColumns, int stride, bool wideCounts)
    {
        var random = new Random(Seed);
        var mask = SparseMatrix.FromMask(Enumerable.Range(0, rows * columns).Select(_ => random.NextDouble() < density).ToArray(), rows, columns);
        var values = Enumerable.Range(0, mask.Nonzeros).Select(_ => random.NextSingle()).ToArray();
        var format = new PanelCsrFormat(blockColumns, stride, wideCounts);
        Assert.True(CsrPlaces.Fits(format));
        foreach (var (isTransposed, quick) in new[] { (false, false), (false, true), (true, false), (true, true) })
        {
            SparseMatrix Turned(SparseMatrix matrix) => isTransposed ? matrix.Transpose() : matrix;

            using var numbers = new NumberedMask(mask);
            var numbered = isTransposed ? numbers.Transpose() : numbers.Matrix;
            var pack = Pack.Create(numbered, [], format, quick, shares: quick);
            var expected = Pack.Create(Turned(SparseMatrix.FromCsr(mask, values)), [], format, quick, shares: quick);
            ValuePlaces[] ways = isTransposed
                ? [new TurnedCsrPlaces(pack, format, mask.RowStarts()), new TurnedTilePlaces(pack, format, mask.RowStarts())]
                : [new CsrPlaces(pack, format, columns, mask.RowStarts())];
            foreach (var places in ways)
            {
                foreach (var part in pack.Parts)
                {
                    new Span<float>(part.Arrays.Values.Floats, (int)(part.Arrays.Values.Bytes / sizeof(float))).Clear();
                }

                fixed (float* from = values)
                {
                    places.Gather(from);
                }

                for (var i = 0; i < pack.Parts.Length; i++)
                {
                    Assert.True(
                        Values(expected.Parts[i]).SequenceEqual(Values(pack.Parts[i])), $"{places.GetType().Name}, transposed {isTransposed}, quick {quick}, part {i}, seed {Seed}");
                }
            }

            GC.KeepAlive(pack);
            GC.KeepAlive(expected);
        }
    }

    private static unsafe ReadOnlySpan<float> Values(PackPart part)
        => new(part.Arrays.Values.Floats, (int)(part.Arrays.Values.Bytes / sizeof(float)));
}
