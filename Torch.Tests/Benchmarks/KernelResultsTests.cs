using KernelGen.Benchmarks.Kernels;

namespace KernelGen.Torch.Tests.Benchmarks;

public sealed class KernelResultsTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("kernelgen");

    private FileInfo File => new(Path.Combine(_folder.FullName, "results.json"));

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void A_run_survives_its_file()
    {
        var run = SampleRun.Of(
            SampleRun.Result("unstructured", 100, 64, 0.9, 5.5, 8, ("oneDNN", 5.5)), SampleRun.Result("2:4", 100, 1, 0.5, 2, goal: null));
        run.Save(File);
        var loaded = KernelResults.Load(File);

        Assert.Equal((run.Machine, run.Rounds, run.Roofline), (loaded.Machine, loaded.Rounds, loaded.Roofline));
        Assert.Equivalent(run.Results, loaded.Results, strict: true);
        Assert.Equal(run.Results.Select(result => result.Id), loaded.Results.Select(result => result.Id));
        Assert.Equal([File.FullName], _folder.GetFiles().Select(file => file.FullName));
    }

    [Fact]
    public void A_case_that_is_measured_again_takes_the_place_of_the_old_result()
    {
        var (old, other) = (SampleRun.Result("2:4", 100, 64, 0.5, 1, 1.65), SampleRun.Result("2:4", 100, 1, 0.5, 1, 1.65));
        var again = SampleRun.Result("2:4", 100, 64, 0.5, 2, 1.65);

        Assert.Equal([other, again], SampleRun.Of(old, other).With(again).Results);
    }

    [Fact]
    public void Only_a_like_run_goes_on()
    {
        var run = SampleRun.Of() with { Missing = ["oneDNN"] };

        Assert.Null(run.Unlike(SampleRun.Machine with { }, 3, ["oneDNN"]));
        Assert.Contains("Avx2", run.Unlike(SampleRun.Machine with { Isa = "Avx2" }, 3, ["oneDNN"]), StringComparison.Ordinal);
        Assert.Contains("--rounds 3", run.Unlike(SampleRun.Machine, 21, ["oneDNN"]), StringComparison.Ordinal);
        Assert.Contains("oneDNN", run.Unlike(SampleRun.Machine, 3, []), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("{\"machine\": 1}")]
    [InlineData("null")]
    [InlineData("")]
    public void Another_file_is_refused_by_its_name(string text)
    {
        System.IO.File.WriteAllText(File.FullName, text);
        Assert.Contains(File.Name, Assert.Throws<InvalidDataException>(() => KernelResults.Load(File)).Message, StringComparison.Ordinal);
    }
}
