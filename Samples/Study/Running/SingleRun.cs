using System.Reflection;
using Digits.Data;
using KernelGen;
using KernelGen.Measures;
using KernelGen.Torch;
using Study.Methods;
using Study.Training;

namespace Study.Running;

/// <summary>One run from its beginning or its checkpoint to its result.</summary>
internal static class SingleRun
{
    /// <summary>Trains, saves the final model, loads the file into the annotated class and counts what both get right.</summary>
    /// <returns>The result; null where the run was stopped.</returns>
    public static RunResult? Execute(StudyPlan plan, RunKey run, Action<double> progress, CancellationToken stop)
    {
        var method = MethodTable.Find(run.Method);
        var context = plan.Context(run);
        var checkpoint = plan.CheckpointFile(run);
        var result = TrainingLoop.Train(
            method, run, context, checkpoint, progress, (module, figures) => Deploy(plan, run, method.TrainingFlops(context), module, figures), stop);
        if (result is not null)
        {
            plan.Results.Append(result);
            File.Delete(checkpoint);
        }

        return result;
    }

    private static string Version
    {
        get
        {
            var text = typeof(SingleRun).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
            return text.IndexOf('+', StringComparison.Ordinal) is var plus and >= 0 ? text[..Math.Min(text.Length, plus + 8)] : text;
        }
    }

    private static RunResult Deploy(StudyPlan plan, RunKey run, double trainingFlops, SparseModule module, TrainingFigures figures)
    {
        var file = plan.ModelFile(run);
        var trained = plan.Architecture.Deployed(module);
        module.CopyTo(trained);
        trained.Save(file);

        // What runs is what was saved.
        var model = plan.Architecture.Deployed(module);
        model.Load(file);
        var report = ModelReport.Of(model);
        return new RunResult
        {
            Run = run,
            Version = Version,
            Mode = module.Layers.All(layer => layer is SparseLinear) ? nameof(TrainingMode.Sparse) : nameof(TrainingMode.Exact),
            Kernels = Isa.Current.ToString(),
            CorrectInValidation = Evaluation.Correct(module, plan.Data.Validation),
            ValidationSamples = plan.Data.Validation.Count,
            Correct = Evaluation.Correct(module, plan.Data.Test),
            CorrectOnKernels = Evaluation.Correct(model, plan.Data.Test),
            Samples = plan.Data.Test.Count,
            Classes = model.Layers[^1].OutFeatures,
            Weights = report.Weights,
            LayerNonzeros = [.. report.Layers.Select(layer => layer.Nonzeros)],
            Parameters = report.Parameters,
            FileBytes = new FileInfo(file).Length,
            InferenceFlops = report.InferenceFlops,
            TrainingFlops = trainingFlops,
            Steps = plan.Context(run).TotalSteps,
            StepMilliseconds = figures.StepMilliseconds,
            TrainingBytes = figures.Bytes,
        };
    }
}
