using Study.Running;

namespace KernelGen.Torch.Tests.Study;

public sealed class ResultFileTests
{
    [Fact]
    public void Lines_come_back_as_they_were()
    {
        using var folder = new StudyFolder();
        var file = new ResultFile(Path.Combine(folder.Path, "results.jsonl"));
        var result = SampleResults.Of("a", 0.5, 1, 51, onKernels: 50);
        Assert.Empty(file.Read());
        file.Append(result);

        var read = Assert.Single(file.Read());
        Assert.Equivalent(result, read);
        Assert.Contains("\"accuracy_kernels\":0.5,", File.ReadAllText(file.Path), StringComparison.Ordinal);
    }

    [Fact]
    public void Many_writers_lose_no_line()
    {
        using var folder = new StudyFolder();
        var path = Path.Combine(folder.Path, "results.jsonl");
        Parallel.For(1, 65, new ParallelOptions { MaxDegreeOfParallelism = 8 }, seed => new ResultFile(path).Append(SampleResults.Of("a", 0.5, seed, 50)));

        Assert.Equal(Enumerable.Range(1, 64), new ResultFile(path).Read().Select(result => result.Run.Seed).Order());
    }

    [Fact]
    public void Half_a_line_of_a_killed_process_costs_that_line_alone()
    {
        using var folder = new StudyFolder();
        var file = new ResultFile(Path.Combine(folder.Path, "results.jsonl"));
        file.Append(SampleResults.Of("a", 0.5, 1, 50));
        File.AppendAllText(file.Path, File.ReadAllText(file.Path)[..40]);
        Assert.Single(file.Read());
        file.Append(SampleResults.Of("a", 0.5, 2, 50));

        Assert.Equal([1, 2], file.Read().Select(result => result.Run.Seed));
    }

    [Fact]
    public void Of_equal_runs_the_last_counts()
    {
        using var folder = new StudyFolder();
        var file = new ResultFile(Path.Combine(folder.Path, "results.jsonl"));
        file.Append(SampleResults.Of("a", 0.5, 1, 50));
        file.Append(SampleResults.Of("a", 0.5, 1, 60));

        Assert.Equal(60, Assert.Single(file.Read()).Correct);
    }
}
