using Xunit;

namespace KernelGen.Runtime.Tests;

[Collection(ProcessWide.Name)]
public sealed class ThreadsTests
{
    [Theory]
    [InlineData(null, 1)]
    [InlineData("", 1)]
    [InlineData("  ", 1)]
    [InlineData("1", 1)]
    [InlineData(" 12 ", 12)]
    [InlineData("1024", 1024)]
    public void The_environment_says_how_many(string? value, int count) => Assert.Equal(count, Threads.Resolve(value));

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("1025")]
    [InlineData("99999999999")]
    [InlineData("two")]
    [InlineData("2.5")]
    public void Another_value_is_an_error_that_says_what_to_use(string value)
    {
        var error = Assert.Throws<ArgumentException>(() => Threads.Resolve(value));

        Assert.Contains($"KERNELGEN_THREADS={value} is no number of threads: use 1 to 1024, or unset it.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_wrong_environment_throws_on_every_forward_and_a_right_one_is_followed()
    {
        var before = Environment.GetEnvironmentVariable(Threads.EnvironmentVariable);
        var network = FakeNetwork.Create();
        foreach (var layer in network.Layers)
        {
            FakeNetwork.SetRandomWeights(layer, new Random(1));
        }

        try
        {
            Environment.SetEnvironmentVariable(Threads.EnvironmentVariable, "many");
            Threads.ForgetEnvironment();
            foreach (var batch in new[] { 1, 100, 1 })
            {
                Assert.Throws<ArgumentException>(() => network.Forward(new float[21 * batch], new float[5 * batch], batch));
            }

            using (Threads.Override(2))
            {
                network.Forward(new float[21], new float[5], 1);
            }

            Environment.SetEnvironmentVariable(Threads.EnvironmentVariable, "3");
            Assert.Equal(3, Threads.Count);
            Environment.SetEnvironmentVariable(Threads.EnvironmentVariable, "many");
            Assert.Equal(3, Threads.Count);
        }
        finally
        {
            Environment.SetEnvironmentVariable(Threads.EnvironmentVariable, before);
            Threads.ForgetEnvironment();
        }
    }

    [Fact]
    public void Overrides_nest_and_restore_once()
    {
        var before = Threads.Count;
        var outer = Threads.Override(5);
        using (Threads.Override(7))
        {
            Assert.Equal(7, Threads.Count);
        }

        Assert.Equal(5, Threads.Count);
        outer.Dispose();
        using (Threads.Override(7))
        {
            outer.Dispose();
            Assert.Equal(7, Threads.Count);
        }

        Assert.Equal(before, Threads.Count);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1025)]
    public void An_override_by_another_number_says_what_to_pass(int count)
    {
        var before = Threads.Count;

        var error = Assert.Throws<ArgumentOutOfRangeException>(nameof(count), () => Threads.Override(count));

        Assert.StartsWith($"Threads.Override: {count} is no number of threads: pass 1 to 1024.", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, Threads.Count);
    }
}
