using TorchSharp;
using static TorchSharp.torch;

namespace KernelGen.Torch.Tests.Reparametrisations;

/// <summary>What all methods have in common: they train, and what is left runs on the emitted kernels.</summary>
public sealed class ReparametrisationTests : IDisposable
{
    private const int Steps = 150;

    private readonly string _file = Path.Combine(Path.GetTempPath(), $"kernelgen-reparametrisation-{Guid.NewGuid():N}");

    public static TheoryData<string> Methods => ["STR", "L0", "L0 of outputs", "soft movement", "soft movement of outputs", "SparseVD", "SR-STE", "Top-KAST", "targeted dropout"];

    public void Dispose() => File.Delete(_file);

    [Theory]
    [MemberData(nameof(Methods))]
    public void A_trained_module_is_sparse_and_its_emitted_kernels_compute_the_same(string method)
    {
        using var scope = NewDisposeScope();
        var (module, first, last) = Train(method, Steps);
        Assert.True(last < first / 2, $"{method}: the loss went from {first} to {last}.");
        module.eval();
        var input = Values.Random(5, 7 * 20);
        var before = Values.Of(module.call(Values.AsTensor(input, 7, 20)));
        var sparsity = module.Layers.Select(layer => layer.Sparsity).ToArray();
        Assert.Contains("Commit", Assert.Throws<InvalidOperationException>(() => module.CopyTo(new ManyPatterns())).Message, StringComparison.Ordinal);

        module.Commit();

        var which = method == "SR-STE" ? 1 : 0;
        Assert.True(sparsity[which] > 0.15, $"{method}: {sparsity[which]} of the weights are 0.");
        Assert.Equal(sparsity, module.Layers.Select(layer => layer.Sparsity));
        Assert.Equal(module.Layers.Count * 2 - 1, module.parameters().Count());
        Assert.All(module.Layers.Cast<MaskedLinear>(), layer => Assert.Null(layer.Reparametrisation));
        var model = new ManyPatterns();
        module.CopyTo(model);
        var (committed, emitted) = (Values.Of(module.call(Values.AsTensor(input, 7, 20))), new float[7 * 5]);
        model.Forward(input, emitted, 7);
        Assert.All(committed.Zip(emitted), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
        Assert.All(committed.Zip(before), pair => Assert.True(method == "targeted dropout" || Math.Abs(pair.First - pair.Second) < 1e-5));
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void A_run_that_stops_and_resumes_ends_with_the_same_bits(string method)
    {
        using var scope = NewDisposeScope();
        var expected = Bits(Train(method, 30).Module);
        Train(method, 11, save: true);
        Assert.Equal(expected, Bits(Train(method, 30, load: true).Module));
    }

    [Fact]
    public void What_does_not_fit_says_so_and_changes_nothing()
    {
        using var scope = NewDisposeScope();
        var sparse = SparseModule.For<ManyPatterns>(TrainingMode.Sparse, seed: 1);
        Assert.Contains("Exact", Assert.Throws<InvalidOperationException>(() => sparse.Reparametrise(layer => new SoftThreshold(layer))).Message, StringComparison.Ordinal);
        Assert.Equal(0, sparse.Penalty().item<float>());
        sparse.Commit();

        var module = SparseModule.For<ManyPatterns>(seed: 1);
        Assert.Contains("'Fc2'", Assert.Throws<ArgumentException>(() => module.Reparametrise(layer => new SoftThreshold(layer))).Message, StringComparison.Ordinal);
        Assert.Null(module.Masked(0).Reparametrisation);
        Assert.Contains("was created for layer 'Fc1'", Assert.Throws<ArgumentException>(() => module.Reparametrise(_ => new SoftThreshold(module.Masked(0)))).Message, StringComparison.Ordinal);
        Assert.Null(module.Masked(0).Reparametrisation);
        Assert.Contains("'Fc5' is declared dense", Assert.Throws<ArgumentException>(() => new SoftThreshold(module.Masked(4))).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => module.Masked(0).Reparametrise(_ => new TopKast(module.Masked(2), 0.5, 0.5)));
        module.Masked(0).Reparametrise(own => new SoftThreshold(own));
        Assert.Throws<InvalidOperationException>(() => module.Masked(0).Reparametrise(own => new SoftThreshold(own)));
        Assert.Throws<InvalidOperationException>(() => module.Reparametrise(_ => null));
    }

    [Fact]
    public void A_method_of_your_own_is_a_few_lines_and_one_that_breaks_a_pattern_is_refused()
    {
        using var scope = NewDisposeScope();
        var module = SparseModule.For<ManyPatterns>(seed: 1);
        module.Reparametrise(layer => layer.Layer.Pattern is BlockPattern ? new Positive(layer) : null);
        var (weights, masks) = (Values.Of(module.Layers[2].Weight), module.Layers.Select(layer => layer.ReadMask()).ToArray());
        Assert.Contains("'Fc3'", Assert.Throws<InvalidOperationException>(module.Commit).Message, StringComparison.Ordinal);
        Assert.Equal(weights, Values.Of(module.Layers[2].Weight));
        Assert.Equal(masks, module.Layers.Select(layer => layer.ReadMask()));

        var other = SparseModule.For<ManyPatterns>(seed: 1);
        other.Reparametrise(layer => layer.Layer.Pattern is UnstructuredPattern ? new Positive(layer) : null);
        other.Commit();
        Assert.Equal(Values.Of(module.Layers[0].Weight).Select(w => w > 0), other.Layers[0].ReadMask());
    }

    private static (SparseModule Module, float First, float Last) Train(string method, int steps, string? file, bool load)
    {
        manual_seed(3);
        var module = SparseModule.For<ManyPatterns>(seed: 1);
        module.Reparametrise(layer => Create(method, layer));
        using var optimizer = optim.Adam(module.parameters(), lr: 0.02);
        var done = load ? Checkpoint.Load(file!, module, optimizer) : 0;
        var task = new Regression(seed: 2);
        module.eval();
        var first = task.Loss(module);
        module.train();
        var ramp = new Ramp(20, 60);
        for (var step = done; step < steps; step++)
        {
            task.Step(module, optimizer, () => module.Penalty() * (ramp.At(step) * (method == "SparseVD" ? 3e-5 : 1)));
        }

        if (file is not null && !load)
        {
            Checkpoint.Save(file, module, optimizer, steps);
        }

        module.eval();
        var last = task.Loss(module);
        module.train();
        return (module, first, last);
    }

    private (SparseModule Module, float First, float Last) Train(string method, int steps, bool save = false, bool load = false)
        => Train(method, steps, save || load ? _file : null, load);

    // The N:M layer must have a method: it begins with all of its weights.
    private static Reparametrisation? Create(string method, MaskedLinear layer) => (method, layer.Layer.Pattern) switch
    {
        (_, NMPattern) => new StraightThroughNM(layer),
        ("STR", UnstructuredPattern) => new SoftThreshold(layer, initial: -4, decay: 1e-3),
        ("L0", _) => new HardConcrete(layer, strength: 3e-4, dropRate: 0.6),
        ("L0 of outputs", UnstructuredPattern) => new HardConcrete(layer, strength: 1e-3, dropRate: 0.8, unit: PruningUnit.Output),
        ("soft movement", _) => new SoftMovement(layer, strength: 1e-3),
        ("soft movement of outputs", UnstructuredPattern) => new SoftMovement(layer, strength: 1e-3, unit: PruningUnit.Output),
        ("SparseVD", UnstructuredPattern) => new VariationalDropout(layer, initial: -6),
        ("Top-KAST", _) => new TopKast(layer, 0.5, 0.7),
        ("targeted dropout", UnstructuredPattern) => new TargetedDropout(layer, 0.5, 0.5),
        _ => null,
    };

    private static string Bits(SparseModule module)
        => string.Join('\n', module.parameters().Select(parameter => Convert.ToHexString(System.Runtime.InteropServices.MemoryMarshal.AsBytes<float>(Values.Of(parameter)))));

    /// <summary>Keeps the positive weights.</summary>
    private sealed class Positive(MaskedLinear layer) : Reparametrisation(layer)
    {
        public override Tensor Effective(Tensor weight) => weight.relu();
    }
}
