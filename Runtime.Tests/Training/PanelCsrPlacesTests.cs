using KernelGen.Formats;
using KernelGen.Training;
using Xunit;

namespace KernelGen.Runtime.Tests.Training;

/// <summary>Values that are brought to a pack stand where packing them would have put them.</summary>
public sealed class PanelCsrPlacesTests
{
    private const int Seed = 20261127;

    [Theory]
    [InlineData(300, 700, 0.1, 128, 64, false)]
    [InlineData(300, 700, 0.6, 256, 32, false)]
    [InlineData(37, 513, 0.3, 64, 16, true)]
    [InlineData(1, 1, 1, 128, 64, false)]
    [InlineData(129, 256, 1, 128, 64, false)]
    public unsafe void Values_follow(int rows, int columns, double density, int blockColumns, int stride, bool wideCounts)
    {
        var random = new Random(Seed);
        var mask = SparseMatrix.FromMask(Enumerable.Range(0, rows * columns).Select(_ => random.NextDouble() < density).ToArray(), rows, columns);
        var values = Enumerable.Range(0, mask.Nonzeros).Select(_ => random.NextSingle()).ToArray();
        var format = new PanelCsrFormat(blockColumns, stride, wideCounts);
        Assert.True(PanelCsrPlaces.Fits(format));
        foreach (var (isTransposed, quick) in new[] { (false, false), (false, true), (true, false), (true, true) })
        {
            SparseMatrix Turned(float[] numbers)
            {
                var matrix = SparseMatrix.FromCsr(mask, numbers);
                return isTransposed ? matrix.Transpose() : matrix;
            }

            var numbered = Turned(RefreshedPack.Numbered(mask.Nonzeros));
            var pack = Pack.Create(numbered, [], format, quick);
            var expected = Pack.Create(Turned(values), [], format, quick);
            for (var i = 0; i < pack.Parts.Length; i++)
            {
                var places = new PanelCsrPlaces(pack.Parts[i], format, numbered.Columns, new PartStarts(mask), isTransposed);
                fixed (float* from = values)
                {
                    places.Gather(from);
                }

                Assert.True(Values(expected.Parts[i]).SequenceEqual(Values(pack.Parts[i])), $"transposed {isTransposed}, quick {quick}, part {i}, seed {Seed}");
            }

            GC.KeepAlive(pack);
            GC.KeepAlive(expected);
        }
    }

    private static unsafe ReadOnlySpan<float> Values(PackPart part)
        => new(part.Arrays.Values.Floats, (int)(part.Arrays.Values.Bytes / sizeof(float)));
}
