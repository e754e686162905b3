using Study.Methods;
using Study.Running;
using Study.Training;

namespace KernelGen.Torch.Tests.Study;

public sealed class SingleRunTests
{
    [Theory]
    [InlineData("dense")]
    [InlineData("gradual-global")]
    [InlineData("rigl")]
    [InlineData("movement")]
    [InlineData("wood-fisher")]
    [InlineData("lottery-ticket")]
    [InlineData("ac-dc")]
    [InlineData("top-kast")]
    [InlineData("snip")]
    [InlineData("snfs")]
    public void A_stopped_run_goes_on_from_its_checkpoint_and_ends_as_one_that_was_not(string method)
    {
        using var straight = new StudyFolder();
        using var halting = new StudyFolder();
        var expected = Execute(straight.Plan(epochs: 3, method), CancellationToken.None);
        var plan = halting.Plan(epochs: 3, method);
        using (var stop = new CancellationTokenSource())
        {
            Assert.Null(SingleRun.Execute(plan, plan.Runs[0], _ => stop.Cancel(), stop.Token));
        }

        Assert.True(File.Exists(plan.CheckpointFile(plan.Runs[0])));
        Assert.Empty(plan.Results.Read());
        var result = Execute(plan, CancellationToken.None);

        Assert.NotNull(expected);
        Assert.NotNull(result);
        Assert.Equal(expected.Correct, result.Correct);
        Assert.Equal(File.ReadAllBytes(straight.Plan(3, method).ModelFile(expected.Run)), File.ReadAllBytes(plan.ModelFile(result.Run)));
        Assert.False(File.Exists(plan.CheckpointFile(result.Run)));
        Assert.InRange(result.CorrectOnKernels, result.Correct - 1, result.Correct + 1);
        Assert.NotNull(expected.StepMilliseconds);
        Assert.Null(result.StepMilliseconds);
        Assert.Null(result.TrainingBytes);
    }

    [Fact]
    public void A_run_that_stops_within_an_epoch_loses_no_step()
    {
        using var folder = new StudyFolder();
        var plan = folder.Plan(epochs: 2, "gradual-global");
        var run = plan.Runs[0];
        var context = plan.Context(run);
        var method = MethodTable.Find(run.Method);
        using var stop = new CancellationTokenSource();
        var stopping = method with
        {
            Begin = (about, module, optimizer) => done =>
            {
                var course = method.Begin(about, module, optimizer)(done);
                var steps = 0;
                return course with
                {
                    AfterStep = () =>
                    {
                        course.AfterStep!();
                        if (++steps == (context.EpochSteps / 2) + context.EpochSteps)
                        {
                            stop.Cancel();
                        }
                    },
                };
            },
        };
        float[]? Train(Method how, string checkpoint, CancellationToken token)
            => TrainingLoop.Train(how, run, context, checkpoint, _ => { }, (module, _) => module.Layers.SelectMany(layer => layer.ReadWeights()).ToArray(), token);

        var straight = Train(method, Path.Combine(folder.Path, "straight"), CancellationToken.None);
        Assert.Null(Train(stopping, plan.CheckpointFile(run), stop.Token));
        Assert.Equal(straight, Train(method, plan.CheckpointFile(run), CancellationToken.None));
    }

    [Fact]
    public void A_run_that_diverges_fails_alone()
    {
        using var folder = new StudyFolder();
        var plan = folder.Plan(epochs: 1, "gradual-global", "static-erk");
        plan = plan with { Runs = [plan.Runs[0] with { Settings = new Settings(LearningRate: 1e38) }, plan.Runs[1]] };
        var failures = new List<WorkerEvent>();

        Assert.Equal(1, Worker.Work(plan, int.MaxValue, happened => failures.AddRange(happened.Failure.Length > 0 ? [happened] : []), CancellationToken.None));

        Assert.Equal(plan.Runs[0].Id, Assert.Single(failures).Id);
        Assert.Equal([plan.Runs[1]], plan.Results.Read().Select(result => result.Run));
    }

    [Fact]
    public void A_worker_passes_over_what_is_finished_or_claimed()
    {
        using var folder = new StudyFolder();
        var plan = folder.Plan(epochs: 1, "static-erk", "set", "rigl");
        Execute(plan, CancellationToken.None);
        var begun = new List<string>();
        using (Claim.Try(plan.Claims, plan.Runs[1]))
        {
            Worker.Work(plan, int.MaxValue, happened => begun.Add(happened.Id), CancellationToken.None);
        }

        Assert.Equal([plan.Runs[2].Id], begun.Distinct());
        Assert.Equal([plan.Runs[0], plan.Runs[2]], plan.Results.Read().Select(result => result.Run));
    }

    private static RunResult? Execute(StudyPlan plan, CancellationToken stop) => SingleRun.Execute(plan, plan.Runs[0], _ => { }, stop);
}
