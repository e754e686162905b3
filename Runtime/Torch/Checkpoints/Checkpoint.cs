using System.Runtime.InteropServices;
using System.Security.Cryptography;
using KernelGen.Serialization;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace KernelGen.Torch;

/// <summary>
/// The state of a training run in one file: parameters, masks, the optimiser's memory and rates, torch's random state, and the number of finished steps. A
/// run that is killed at any time and resumed ends with the weights of one that wasn't, bit for bit.
/// </summary>
/// <remarks>
/// The file is replaced in one step, and what it holds is verified before anything is loaded. Rewirer and Alternator hold nothing but the number of steps,
/// and so does a Pruner, unless its criteria add up the steps of training: create them anew, with <c>completedSteps</c>, then load the Pruner's sums by
/// <see cref="LoadPruner"/>. A mean of gradients, which SNFS has, belongs to the layers and is in the file. The order of the data is the program's own: derive
/// it from a seed and the number of the epoch.
/// </remarks>
public static class Checkpoint
{
    private const string Magic = "KernelGen checkpoint 3";

    /// <summary>Saves a run.</summary>
    /// <param name="path">The file; an existing one is replaced in one step.</param>
    /// <param name="module">The module in training.</param>
    /// <param name="optimizer">Its optimiser: one of TorchSharp's that is written in C#, or derived from one.</param>
    /// <param name="completedSteps">Optimiser steps done.</param>
    /// <param name="pruner">The pruner, where its criteria add up the steps of training (first order, movement); optional for others.</param>
    /// <exception cref="ArgumentException">The optimiser's state is out of reach.</exception>
    public static void Save(string path, SparseModule module, optim.Optimizer optimizer, long completedSteps, Pruner? pruner = null)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(module);
        ArgumentOutOfRangeException.ThrowIfNegative(completedSteps);
        var helper = OptimizerStates.Helper(optimizer);
        var sums = new MemoryStream();
        pruner?.Sums.Save(new BinaryWriter(sums), pruner.CompletedSteps);
        using var memory = new MemoryStream();
        using var writer = new BinaryWriter(memory);
        writer.Write((int)sums.Length);
        writer.Write(sums.GetBuffer().AsSpan(0, (int)sums.Length));
        Part[] parts = [.. Describe(module, helper)];
        writer.Write(parts.Length);
        foreach (var part in parts)
        {
            writer.Write(part.Text);
        }

        writer.Write(completedSteps);
        WriteRandomState(writer);
        module.save(writer);
        foreach (var layer in module.Layers)
        {
            writer.Write((byte)layer.Packing);
            writer.Write(layer.GradientMean?.Length ?? 0);
            writer.Write(MemoryMarshal.AsBytes<float>(layer.GradientMean));
        }

        helper.save_state_dict(writer);
        writer.Flush();
        var content = memory.GetBuffer().AsMemory(0, (int)memory.Length);
        AtomicFile.Write(path, stream =>
        {
            using var file = new BinaryWriter(stream, System.Text.Encoding.UTF8, leaveOpen: true);
            file.Write(Magic);
            file.Write(SHA256.HashData(content.Span));
            file.Write(content.Length);
            file.Write(content.Span);
        });
    }

    /// <summary>Loads a run into a module and an optimiser that were created as those that were saved.</summary>
    /// <param name="path">The file.</param>
    /// <param name="module">Receives parameters and masks.</param>
    /// <param name="optimizer">Receives rates and memory.</param>
    /// <param name="scheduler">A schedule of learning rates that is stepped once per optimiser step, freshly created; it is stepped to where the run was. Optional.</param>
    /// <returns>Optimiser steps done.</returns>
    /// <exception cref="InvalidDataException">The file is damaged, or holds another kind of run; nothing was changed.</exception>
    public static long Load(string path, SparseModule module, optim.Optimizer optimizer, optim.lr_scheduler.LRScheduler? scheduler = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(module);
        var helper = OptimizerStates.Helper(optimizer);
        using var reader = new BinaryReader(new MemoryStream(Read(path)));
        reader.ReadBytes(reader.ReadInt32());
        ThrowIfOfAnother(path, reader, [.. Describe(module, helper)]);
        var completed = reader.ReadInt64();
        ReadRandomState(reader);
        module.load(reader);
        foreach (var layer in module.Layers)
        {
            var packing = (Packing)reader.ReadByte();
            layer.Repack(packing);
            var mean = new float[reader.ReadInt32()];
            reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(mean.AsSpan()));
            layer.GradientMean = mean.Length > 0 ? mean : null;
        }

        // It sets rates, too: those that it would reach are overwritten by equal ones.
        for (var step = 0L; scheduler is not null && step < completed; step++)
        {
            scheduler.step();
        }

        helper.load_state_dict(reader);
        foreach (var tensor in helper.state_dict().State.SelectMany(OptimizerStates.Tensors))
        {
            tensor.DetachFromDisposeScope();
        }

        return completed;
    }

    /// <summary>Loads what a pruner's criteria had added up over the steps of training; after <see cref="Load"/>.</summary>
    /// <param name="path">The file.</param>
    /// <param name="pruner">A pruner of the module that was loaded, created with the steps done.</param>
    /// <exception cref="InvalidDataException">The file is damaged, was saved without a pruner, or with another, or after other steps; nothing was changed.</exception>
    public static void LoadPruner(string path, Pruner pruner)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(pruner);
        using var reader = new BinaryReader(new MemoryStream(Read(path)));
        if (reader.ReadInt32() == 0)
        {
            throw new InvalidDataException($"{path} was saved without a pruner: pass it to Checkpoint.Save.");
        }

        pruner.Sums.Load(reader, pruner.CompletedSteps);
    }

    /// <summary>What must be equal for a state to fit, and what to do where it isn't.</summary>
    private static IEnumerable<Part> Describe(SparseModule module, OptimizerHelper optimizer)
    {
        yield return new(
            $"model {module.Model.Name}, {string.Join("; ", module.Layers.Select(layer => $"{layer.GetType().Name} {layer.Layer.Name}"))}",
            "Create the module from the same model, in the same mode.");
        foreach (var (name, tensor) in module.state_dict())
        {
            yield return new($"{name} {Shape(tensor)}", "Create the module as it was: the same shapes, masks to begin with, room and functions of weights.");
        }

        yield return new($"optimiser {optimizer.GetType().Name}", "Create the optimiser of the same kind.");
        var names = module.named_parameters().ToDictionary(pair => pair.parameter.Handle, pair => pair.name);
        foreach (var (i, group) in optimizer.ParamGroups.Cast<ParamGroup>().Index())
        {
            foreach (var parameter in group.Parameters)
            {
                yield return new(
                    $"{names.GetValueOrDefault(parameter.Handle, "a parameter of none of the layers")} {Shape(parameter)} in the optimiser's group {i}",
                    "Create the optimiser of the same parameters, in the same groups.");
            }
        }
    }

    private static string Shape(Tensor tensor) => $"{tensor.dtype} [{string.Join(", ", tensor.shape)}]";

    private static void ThrowIfOfAnother(string path, BinaryReader reader, Part[] own)
    {
        string[] saved = [.. Enumerable.Range(0, reader.ReadInt32()).Select(_ => reader.ReadString())];
        for (var i = 0; i < Math.Max(saved.Length, own.Length); i++)
        {
            var (then, now) = (i < saved.Length ? saved[i] : "nothing more", i < own.Length ? own[i].Text : "nothing more");
            if (then != now)
            {
                throw new InvalidDataException($"{path} holds another run: {then}, where this one has {now}. {own[Math.Min(i, own.Length - 1)].Remedy}");
            }
        }
    }

    private static byte[] Read(string path)
    {
        using var file = File.OpenRead(path);
        try
        {
            using var reader = new BinaryReader(file);
            if (reader.ReadString() != Magic)
            {
                throw new InvalidDataException($"{path} is no checkpoint of this version of KernelGen.");
            }

            var hash = reader.ReadBytes(SHA256.HashSizeInBytes);
            var content = reader.ReadBytes(reader.ReadInt32());
            return SHA256.HashData(content).AsSpan().SequenceEqual(hash) ? content : throw Damaged(path, null);
        }
        catch (Exception e) when (e is IOException or FormatException or ArgumentException)
        {
            throw Damaged(path, e);
        }
    }

    private static InvalidDataException Damaged(string path, Exception? e) => new($"{path} is damaged: take an older checkpoint.", e);

    private readonly record struct Part(string Text, string Remedy);

    private static void WriteRandomState(BinaryWriter writer)
    {
        using var state = random.get_rng_state();
        writer.Write((int)state.NumberOfElements);
        writer.Write(state.bytes);
    }

    private static void ReadRandomState(BinaryReader reader)
    {
        using var state = from_array(reader.ReadBytes(reader.ReadInt32()));
        random.set_rng_state(state);
    }
}
