using System.Diagnostics;
using KernelGen.Pruning;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace KernelGen.Torch.Tests.Training;

public sealed class CheckpointTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("kernelgen-checkpoint-");

    public void Dispose() => _folder.Delete(recursive: true);

    private string File(string name) => Path.Combine(_folder.FullName, name);

    [Theory]
    [InlineData("SET")]
    [InlineData("RigL")]
    [InlineData("SNFS")]
    [InlineData("AC/DC")]
    [InlineData("pruning")]
    public void A_run_that_stops_anywhere_and_resumes_ends_with_the_same_bits(string how)
    {
        var expected = TrainingRun.Train(how, null);
        foreach (var stop in new[] { 1, 10, 19, 57, 119 })
        {
            System.IO.File.Delete(File("checkpoint"));
            TrainingRun.Train(how, File("checkpoint"), stop);
            Assert.Equal(expected, TrainingRun.Train(how, File("checkpoint")));
        }
    }

    [Fact]
    public async Task A_process_that_is_killed_again_and_again_ends_with_the_same_bits()
    {
        var expected = TrainingRun.Train("RigL", null);
        var seed = Environment.TickCount;
        var random = new Random(seed);
        var kills = 0;
        for (var attempt = 0; attempt < 40 && !System.IO.File.Exists(File("weights")); attempt++)
        {
            using var process = Start();
            var before = LastWrite();
            // Killed some steps after it has come further than the last one; from the third kill on, it may finish.
            while (!process.HasExited && LastWrite() == before)
            {
                await Task.Delay(1, TestContext.Current.CancellationToken);
            }

            await Task.Delay(random.Next(60), TestContext.Current.CancellationToken);
            if (kills < 3 && !process.HasExited)
            {
                process.Kill();
                kills++;
            }

            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        Assert.True(kills > 0, "No process was killed.");
        Assert.True(expected == await System.IO.File.ReadAllTextAsync(File("weights"), TestContext.Current.CancellationToken), $"Seed {seed}, {kills} kills: other bits.");
        DateTime LastWrite() => System.IO.File.GetLastWriteTimeUtc(File("checkpoint"));
    }

    [Fact]
    public void What_does_not_fit_or_is_damaged_changes_nothing()
    {
        using var scope = NewDisposeScope();
        var masks = RandomMasks.Create(ManyPatterns.Descriptor, seed: 1);
        var module = SparseModule.For<ManyPatterns>(TrainingMode.Sparse, seed: 2, masks);
        using var optimizer = new SparseAdam(module.parameters());
        Checkpoint.Save(File("good"), module, optimizer, 7);
        Assert.Equal(["good"], _folder.GetFiles().Select(file => file.Name));

        var other = SparseModule.For<ManyPatterns>(TrainingMode.Sparse, seed: 3, masks);
        using var otherOptimizer = new SparseAdam(other.parameters());
        var before = Values.Of(other.Layers[0].Weight);
        var bytes = System.IO.File.ReadAllBytes(File("good"));
        foreach (var (name, content) in new[] { ("short", bytes[..^5]), ("empty", []), ("flipped", [.. bytes[..500], (byte)~bytes[500], .. bytes[501..]]), ("text", "Hello, all of you who read this"u8.ToArray()) })
        {
            System.IO.File.WriteAllBytes(File(name), content);
            Assert.Contains(name, Assert.Throws<InvalidDataException>(() => Checkpoint.Load(File(name), other, otherOptimizer)).Message, StringComparison.Ordinal);
        }

        using var sgd = new SparseSGD(other.parameters(), 0.1);
        Assert.Contains("optimiser SparseAdam", Assert.Throws<InvalidDataException>(() => Checkpoint.Load(File("good"), other, sgd)).Message, StringComparison.Ordinal);
        var full = SparseModule.For<ManyPatterns>(TrainingMode.Sparse, seed: 3);
        Assert.Contains("Fc1.values", Assert.Throws<InvalidDataException>(() => Checkpoint.Load(File("good"), full, new SparseAdam(full.parameters()))).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => Checkpoint.Save(File("x"), module, optim.LBFGS(module.parameters()), 0));
        Assert.Equal(before, Values.Of(other.Layers[0].Weight));

        Assert.Equal(7, Checkpoint.Load(File("good"), other, otherOptimizer));
        Assert.Equal(Values.Of(module.Layers[0].Weight), Values.Of(other.Layers[0].Weight));
    }

    [Fact]
    public void A_parameter_of_another_shape_or_group_is_named_with_both()
    {
        using var scope = NewDisposeScope();
        var module = SparseModule.For<ManyPatterns>(seed: 1);
        Parameter[] parameters = [.. module.parameters()];
        using var optimizer = new SparseSGD([Group(parameters[..2]), Group(parameters[2..])], 0.1);
        Checkpoint.Save(File("x"), module, optimizer, 7);

        // As many parameters in as many groups; and the first layer's function has another parameter.
        using var swapped = new SparseSGD([Group([parameters[0], parameters[2]]), Group([parameters[1], .. parameters[3..]])], 0.1);
        Fails(module, swapped, "Fc1.bias Float32 [37] in the optimiser's group 0", "Fc2.weight Float32 [32, 37] in the optimiser's group 0", "same groups");
        using var fewer = new SparseSGD(parameters[..2], 0.1);
        Fails(module, fewer, "Fc2.weight Float32 [32, 37] in the optimiser's group 1", "nothing more", "same groups");
        Fails(new SparseModule(Models.AllPatterns(), seed: 1), optimizer, "model ", "ManyPatterns", "AllPatterns", "same model");
        var perOutput = SparseModule.For<ManyPatterns>(seed: 1);
        perOutput.Masked(0).Reparametrise(layer => new SoftThreshold(layer, perOutput: true));
        using var ofPerOutput = new SparseSGD(perOutput.parameters(), 0.1);
        Checkpoint.Save(File("x"), perOutput, ofPerOutput, 7);
        var whole = SparseModule.For<ManyPatterns>(seed: 1);
        whole.Masked(0).Reparametrise(layer => new SoftThreshold(layer));
        using var ofWhole = new SparseSGD(whole.parameters(), 0.1);
        Fails(whole, ofWhole, "Fc1.reparametrisation.s Float32 [37, 1]", "Fc1.reparametrisation.s Float32 []", "functions of weights");
        Assert.Equal(7, Checkpoint.Load(File("x"), perOutput, ofPerOutput));

        static SGD.ParamGroup Group(Parameter[] parameters) => new() { Parameters = parameters };

        void Fails(SparseModule other, optim.Optimizer otherOptimizer, params string[] parts)
        {
            var message = Assert.Throws<InvalidDataException>(() => Checkpoint.Load(File("x"), other, otherOptimizer)).Message;
            Assert.All(parts, part => Assert.Contains(part, message, StringComparison.Ordinal));
        }
    }

    private Process Start()
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true, RedirectStandardError = true };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
        {
            start.ArgumentList.Add(typeof(CheckpointTests).Assembly.Location);
        }

        start.ArgumentList.Add("-method");
        start.ArgumentList.Add("*TrainingRun.Runs_where_a_test_asks_for_it");
        start.Environment[TrainingRun.Variable] = _folder.FullName;
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }
}
