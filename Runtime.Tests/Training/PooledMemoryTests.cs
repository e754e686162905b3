using System.Buffers;
using System.Runtime.InteropServices;
using KernelGen.Formats;
using KernelGen.Pruning;
using KernelGen.Runtime.Tests.Kernels;
using KernelGen.Training;
using Xunit;

namespace KernelGen.Runtime.Tests.Training;

/// <summary>Nobody reads what went back to the pool, or what another layer left there.</summary>
[Collection(ProcessWide.Name)]
public sealed class PooledMemoryTests
{
    private const int Batch = 16;

    [Fact]
    public void Packs_outlive_what_they_were_made_from()
    {
        var layer = new Unstructured_37To53().Layer;
        var weights = Weights.Random(new Random(1), 53, 37, 0.4).WithBias(new Random(2));
        layer.SetWeights(weights.Values, weights.Bias, weights.Mask);
        var former = new TrainableLinear(layer);
        var other = Weights.Random(new Random(3), 53, 37, 0.3).ToMatrix();
        foreach (var packing in new[] { Packing.Quick, Packing.Thorough })
        {
            var next = former.WithMask(other, packing);
            var (before, expected) = (Products(former), Products(next));
            Spoil();
            // The one that was there before goes on, too: a backward pass may still need it.
            Assert.Equal(before, Products(former));
            Assert.Equal(expected, Products(next));
        }
    }

    [Fact]
    public void A_pack_in_memory_that_another_gave_back_is_as_good_as_any_and_the_other_refuses()
    {
        var layer = new Unstructured_37To53().Layer;
        var weights = Weights.Random(new Random(1), 53, 37, 0.4).WithBias(new Random(2));
        layer.SetWeights(weights.Values, weights.Bias, weights.Mask);
        var masks = Enumerable.Range(0, 8).Select(seed => Weights.Random(new Random(seed), 53, 37, 0.35).ToMatrix()).ToList();
        var expected = masks.ConvertAll(mask => Products(new TrainableLinear(layer).WithMask(mask, Packing.Quick)));
        var current = new TrainableLinear(layer);
        for (var i = 0; i < masks.Count; i++)
        {
            var former = current;
            _ = Products(former);
            current = former.WithMask(masks[i], Packing.Quick);
            former.Release();
            Assert.True(SpoilReleased() > 0);
            Assert.Equal(expected[i], Products(current));
            Assert.Throws<ObjectDisposedException>(() => former.Mask);
            Assert.Throws<ObjectDisposedException>(() => Products(former));
            Assert.Throws<ObjectDisposedException>(() => former.Forward(new float[37], new float[53], 1));
            Assert.Throws<ObjectDisposedException>(() => former.InputGradient(new float[53], new float[37], 1));
            Assert.Throws<ObjectDisposedException>(() => former.WeightGradient(new float[37], new float[53], new float[former.Nonzeros], new float[53], 1));
            Assert.Throws<ObjectDisposedException>(former.Release);
        }
    }

    [Fact]
    public void A_pack_outlives_the_pooled_mask_that_it_was_made_from()
    {
        var layer = new Unstructured_37To53().Layer;
        var weights = Weights.Random(new Random(1), 53, 37, 0.4).WithBias(new Random(2));
        layer.SetWeights(weights.Values, weights.Bias, weights.Mask);
        var former = new TrainableLinear(layer);
        foreach (var density in new[] { 0.3, 1 })
        {
            var mask = Weights.Random(new Random(3), 53, 37, density).ToMatrix();
            var unpooled = former.WithMask(mask, Packing.Quick);
            var expected = Products(unpooled);
            var pooled = unpooled.WithValues(mask.Values);
            Assert.Equal(mask.Values, pooled.Values);
            var next = former.WithMask(pooled, Packing.Quick);
            pooled.Return();
            // A second time nothing is given back.
            pooled.Return();
            Spoil();
            Assert.Equal(expected, Products(next));
        }
    }

    [Fact]
    public void Masks_that_are_rewired_in_turns_are_those_that_are_rewired_alone()
    {
        var layers = new[] { (Rows: 150, Columns: 37), (Rows: 64, Columns: 200) };
        SparseMatrix Next((int Rows, int Columns) shape, Removal removal)
        {
            var descriptor = new LayerDescriptor("Fc", shape.Columns, shape.Rows, true, Activation.None, 0, new UnstructuredPattern(0));
            var active = Weights.Random(new Random(shape.Rows), shape.Rows, shape.Columns, 0.3).ToMatrix();
            return new MaskRewirer(descriptor, new RandomGrowth(), removal).Rewire(active, 0.3, 1, (_, _, _) => { });
        }

        foreach (var removal in Enum.GetValues<Removal>())
        {
            SparseMatrix[] first = [.. layers.Select(layer => Next(layer, removal))];
            Spoil();
            Assert.All(layers.Zip(first), pair => Assert.True(Next(pair.First, removal).HasMaskOf(pair.Second)));
        }
    }

    private static float[] Products(TrainableLinear layer)
    {
        var random = new Random(7);
        float[] Numbers(int count) => [.. Enumerable.Range(0, count).Select(_ => random.NextSingle() - 0.5f)];
        var (x, dz, y, dx, dw, db) = (Numbers(37 * Batch), Numbers(53 * Batch), new float[53 * Batch], new float[37 * Batch], new float[layer.Nonzeros], new float[53]);
        layer.SetValues(Numbers(layer.Nonzeros), Numbers(53));
        layer.Forward(x, y, Batch);
        layer.InputGradient(dz, dx, Batch);
        layer.WeightGradient(x, dz, dw, db, Batch);
        return [.. y, .. dx, .. dw, .. db];
    }

    /// <summary>Takes and spoils what was released; how many buffers.</summary>
    private static int SpoilReleased()
    {
        List<CacheLine[]> taken = [];
        for (var lines = 1; lines < 1 << 12;)
        {
            if (ReleasedLines.Take(lines) is { } buffer)
            {
                taken.Add(buffer);
                MemoryMarshal.AsBytes(buffer.AsSpan()).Fill(byte.MaxValue);
            }
            else
            {
                lines++;
            }
        }

        taken.ForEach(ReleasedLines.Add);
        return taken.Count;
    }

    private static void Spoil()
    {
        Spoil(float.NaN);
        Spoil(-1);
        Spoil(byte.MaxValue);
        Spoil(nint.MinValue);

        static void Spoil<T>(T with)
        {
            for (var size = 16; size <= 1 << 17; size *= 2)
            {
                T[][] rented = [.. Enumerable.Range(0, 8).Select(_ => ArrayPool<T>.Shared.Rent(size))];
                foreach (var array in rented)
                {
                    array.AsSpan().Fill(with);
                    ArrayPool<T>.Shared.Return(array);
                }
            }
        }
    }
}
