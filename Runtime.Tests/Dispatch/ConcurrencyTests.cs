using KernelGen.Dispatch;
using Xunit;

namespace KernelGen.Runtime.Tests;

[Collection(ProcessWide.Name)]
public sealed class ConcurrencyTests
{
    private const int Threads = 4;

    [Fact]
    public void Forward_sees_old_or_new_weights_never_a_mix()
    {
        var random = new Random(1);
        var network = FakeNetwork.Create();
        var weights = network.Layers.Select(layer => FakeNetwork.SetRandomWeights(layer, random)).ToArray();
        var versions = new[] { 0.9, 0 }.Select(density => Weights.Random(random, 13, 21, density).WithBias(random)).Prepend(weights[0]).ToArray();
        var done = false;
        var rounds = new int[Threads];
        var threads = Enumerable.Range(0, Threads).Select(thread => Start(() =>
        {
            var batch = thread % 2 == 0 ? 1 : 70;
            var x = Weights.Floats(new Random(thread), batch * 21);
            var expected = versions
                .Select(version => weights.Skip(1).Prepend(version).Aggregate(x, (activations, layer) => layer.Apply(activations, batch)))
                .ToArray();
            var y = new float[batch * 5];
            while (!Volatile.Read(ref done) || rounds[thread] < 20)
            {
                network.Forward(x, y, batch);
                Assert.Contains(expected, candidate => candidate.AsSpan().SequenceEqual(y));
                rounds[thread]++;
            }
        })).ToArray();

        for (var i = 0; i < 3000; i++)
        {
            var version = versions[i % versions.Length];
            network.Layers[0].SetWeights(version.Values, version.Bias, version.Mask);
            if (i % 100 == 0)
            {
                GC.Collect();
            }
        }

        Volatile.Write(ref done, true);
        Join(threads);
    }

    [Fact]
    public void Forward_sees_a_load_in_all_layers_or_in_none()
    {
        var random = new Random(4);
        var files = new List<byte[]>();
        var versions = new List<Weights[]>();
        for (var i = 0; i < 2; i++)
        {
            var source = FakeNetwork.Create();
            versions.Add([.. source.Layers.Select(layer => FakeNetwork.SetRandomWeights(layer, random))]);
            using var stream = new MemoryStream();
            source.Save(stream);
            files.Add(stream.ToArray());
        }

        var network = FakeNetwork.Create();
        network.Load(new MemoryStream(files[0]));
        var done = false;
        var threads = Enumerable.Range(0, Threads).Select(thread => Start(() =>
        {
            var x = Weights.Floats(new Random(thread), 21);
            var expected = versions
                .Select(version => version.Aggregate(x, (activations, layer) => layer.Apply(activations, 1)))
                .ToArray();
            var y = new float[5];
            do
            {
                network.Forward(x, y, 1);
                Assert.Contains(expected, candidate => candidate.AsSpan().SequenceEqual(y));
            }
            while (!Volatile.Read(ref done));
        })).ToArray();

        for (var i = 1; i < 1000; i++)
        {
            network.Load(new MemoryStream(files[i % 2]));
        }

        Volatile.Write(ref done, true);
        Join(threads);
    }

    [Fact]
    public void Forward_waits_for_a_load_that_is_half_done()
    {
        var random = new Random(5);
        var network = FakeNetwork.Create();
        var source = FakeNetwork.Create();
        var weights = source.Layers.Select(layer => FakeNetwork.SetRandomWeights(layer, random)).ToArray();
        foreach (var layer in network.Layers)
        {
            FakeNetwork.SetRandomWeights(layer, random);
        }

        using var half = new ManualResetEventSlim();
        using var goOn = new ManualResetEventSlim();
        IEnumerable<LayerState> States()
        {
            foreach (var layer in source.Layers)
            {
                if (layer.Name == "Fc3")
                {
                    half.Set();
                    goOn.Wait();
                }

                yield return layer.RequireState();
            }
        }

        var x = Weights.Floats(random, 21);
        var y = new float[5];
        var load = Start(() => network.Replace(States()));
        half.Wait(TestContext.Current.CancellationToken);
        var forward = Start(() => network.Forward(x, y, 1));
        Assert.False(forward.Thread.Join(100));
        goOn.Set();
        Join([load, forward]);

        Assert.Equal(weights.Aggregate(x, (activations, layer) => layer.Apply(activations, 1)), y);
    }

    [Fact]
    public void Forward_allocates_nothing_after_new_weights_either()
    {
        var network = FakeNetwork.Create();
        var random = new Random(3);
        var (few, many) = (new float[21], new float[100 * 21]);
        var (ofFew, ofMany) = (new float[5], new float[100 * 5]);
        few[0] = float.NaN;
        for (var round = 0; round < 3; round++)
        {
            foreach (var layer in network.Layers)
            {
                FakeNetwork.SetRandomWeights(layer, random);
            }

            var before = GC.GetAllocatedBytesForCurrentThread();
            network.Forward(few, ofFew, 1);
            network.Forward(many, ofMany, 100);
            var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.True(round == 0 || allocated == 0, $"Round {round} allocated {allocated} bytes.");
        }
    }

    [Fact]
    public void Forward_allocates_nothing_once_warm()
    {
        var network = FakeNetwork.Create();
        foreach (var layer in network.Layers)
        {
            FakeNetwork.SetRandomWeights(layer, new Random(2));
        }

        // In the first round all threads meet inside a kernel, so that each has a workspace of its own; the others run freely.
        using var barrier = new Barrier(Threads);
        var allocated = new long[Threads];
        foreach (var batch in new[] { 1, 3, 100, 2 })
        {
            Join([.. Enumerable.Range(0, Threads).Select(thread => Start(() =>
            {
                var x = Weights.Floats(new Random(thread), batch * 21);
                x[0] = float.NaN;
                var y = new float[batch * 5];
                var met = false;
                FakeProbe.OnKernel = () =>
                {
                    if (!met)
                    {
                        met = true;
                        barrier.SignalAndWait();
                    }
                };
                network.Forward(x, y, batch);
                FakeProbe.OnKernel = null;
                network.Forward(x, y, batch, Layout.FeatureMajor);
                barrier.SignalAndWait();
                var before = GC.GetAllocatedBytesForCurrentThread();
                for (var i = 0; i < 200; i++)
                {
                    network.Forward(x, y, batch, i % 2 == 0 ? Layout.RowMajor : Layout.FeatureMajor);
                }

                allocated[thread] = GC.GetAllocatedBytesForCurrentThread() - before;
            }))]);
            Assert.All(allocated, bytes => Assert.Equal(0, bytes));
        }
    }

    [Fact]
    public void Each_pack_is_built_once_and_shared_by_kernels_of_one_format()
    {
        var built = 0;
        using var _ = Isa.Override(InstructionSet.Scalar);
        var layer = FakeNetwork.Dense<Shape7To5>("Fc1");
        var network = FakeNetwork.Of([layer], [FakeTransform<ScalarSet>.Create()]);
        FakeNetwork.SetRandomWeights(layer, new Random(3));
        KernelGen.Formats.AlignedBuffer.Allocator = (bytes, _) =>
        {
            // Each buffer of the pack has a size of its own: 8 rows of 7 weights, nothing, and 8 biases.
            Interlocked.Add(ref built, bytes == 8 * 7 * 4 ? 1 : 0);
            var array = GC.AllocateArray<byte>((int)bytes + 64, pinned: true);
            var address = System.Runtime.InteropServices.Marshal.UnsafeAddrOfPinnedArrayElement(array, 0);
            return ((address + 63) & ~(nint)63, array);
        };
        try
        {
            using var barrier = new Barrier(Threads);
            Join([.. Enumerable.Range(0, Threads).Select(thread => Start(() =>
            {
                barrier.SignalAndWait();
                network.Forward(new float[7 * 9], new float[5 * 9], 9);
                network.Forward(new float[7], new float[5], 1);
            }))]);
        }
        finally
        {
            KernelGen.Formats.AlignedBuffer.Allocator = null;
        }

        Assert.Equal(1, built);
    }

    private static (Thread Thread, List<Exception> Errors) Start(Action action)
    {
        var errors = new List<Exception>();
        var thread = new Thread(() =>
        {
            try
            {
                action();
            }
#pragma warning disable CA1031 // It is rethrown by Join.
            catch (Exception error)
#pragma warning restore CA1031
            {
                errors.Add(error);
            }
        });
        thread.IsBackground = true;
        thread.Start();
        return (thread, errors);
    }

    private static void Join((Thread Thread, List<Exception> Errors)[] threads)
    {
        foreach (var (thread, _) in threads)
        {
            thread.Join();
        }

        Assert.All(threads, thread => Assert.Empty(thread.Errors));
    }
}
