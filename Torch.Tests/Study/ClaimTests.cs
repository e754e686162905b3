using Study.Running;

namespace KernelGen.Torch.Tests.Study;

public sealed class ClaimTests
{
    [Fact]
    public void A_run_is_claimed_once_until_the_claim_ends()
    {
        using var folder = new StudyFolder();
        var (one, other) = (SampleResults.Of("a", 0.5, 1, 50).Run, SampleResults.Of("a", 0.5, 2, 50).Run);
        var claim = Claim.Try(folder.Path, one);

        Assert.NotNull(claim);
        Assert.Null(Claim.Try(folder.Path, one));
        using var second = Claim.Try(folder.Path, other);
        Assert.NotNull(second);
        claim.Dispose();
        using var again = Claim.Try(folder.Path, one);
        Assert.NotNull(again);
    }

    [Fact]
    public async Task Of_many_that_ask_at_once_one_gets_it()
    {
        using var folder = new StudyFolder();
        var run = SampleResults.Of("a", 0.5, 1, 50).Run;
        using var start = new ManualResetEventSlim();
        var asked = Enumerable.Range(0, 16).Select(_ => Task.Run(() =>
        {
            start.Wait();
            return Claim.Try(folder.Path, run);
        })).ToArray();
        start.Set();
        var claims = await Task.WhenAll(asked);

        Assert.Single(claims, claim => claim is not null);
        claims.Single(claim => claim is not null)!.Dispose();
    }

    [Fact]
    public void A_folder_that_is_missing_is_an_error_and_no_claim_of_others()
        => Assert.Throws<DirectoryNotFoundException>(() => Claim.Try("/nowhere", SampleResults.Of("a", 0.5, 1, 50).Run));
}
