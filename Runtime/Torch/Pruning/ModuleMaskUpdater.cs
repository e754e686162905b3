using KernelGen.Formats;
using KernelGen.Pruning;
using static TorchSharp.torch;

namespace KernelGen.Torch;

/// <summary>Applies a <see cref="MaskUpdater"/> to a module: measures what its criteria need, and writes back masks and weights.</summary>
/// <param name="module">The module.</param>
/// <param name="updater">Says what is pruned.</param>
/// <param name="calibration">Measures; null where no criterion needs it.</param>
/// <param name="sums">What the steps of training added up.</param>
/// <param name="memory">What an optimiser remembers of a layer's weights.</param>
internal sealed class ModuleMaskUpdater(
    SparseModule module, MaskUpdater updater, Calibration? calibration, TrainingSums sums, Func<int, LayerMemory> memory)
{
    /// <summary>Checks that the criteria get what they need.</summary>
    /// <exception cref="ArgumentException">One needs a calibration, and there is none.</exception>
    public static void Check(SparseModule module, MaskUpdater updater, Calibration? calibration)
    {
        foreach (var (i, criterion) in updater.Criteria.Index())
        {
            if (calibration is null && criterion is not null && (criterion.Needs & Calibration.Measurable) is not Evidence.None and var needs)
            {
                throw new ArgumentException(
                    $"Layer '{module.Layers[i].Layer.Name}': {criterion.GetType().Name} needs {needs}, which is measured on batches: pass a {nameof(Calibration)}.",
                    nameof(calibration));
            }
        }
    }

    /// <summary>Prunes the layers that are due.</summary>
    /// <returns>Whether a mask changed.</returns>
    public bool Apply(long step)
    {
        // The module's buffers are the truth, also after a state was loaded into it.
        var weights = module.Layers.Select(layer => layer.ReadWeights()).ToArray();
        var masks = module.Layers.Select(layer => layer.ReadMask()).ToArray();
        if (!updater.Update(step, [.. weights.Select(layer => layer.AsMemory())], [.. masks.Select(mask => mask.AsMemory())], Measure(step)))
        {
            return false;
        }

        for (var i = 0; i < masks.Length; i++)
        {
            var layer = module.Layers[i];
            var mask = SparseMatrix.FromMask(masks[i], layer.Layer.OutFeatures, layer.Layer.InFeatures);
            // The last ones stay.
            layer.ChangeMask(mask, memory(i).With(sums.Of(i)), step >= updater.LastUpdate ? Packing.Thorough : Packing.Quick);
            if (updater.Compensates(i))
            {
                layer.WriteWeights(weights[i]);
            }
        }

        return true;
    }

    private IReadOnlyList<LayerEvidence> Measure(long step)
    {
        Evidence[] needs = [.. updater.NeedsAt(step).Select(need => need & Calibration.Measurable)];
        var measured = calibration?.Measure(module, needs) ?? [.. needs.Select(_ => LayerEvidence.None)];
        return [.. measured.Select((evidence, i) => sums.With(i, evidence))];
    }
}
