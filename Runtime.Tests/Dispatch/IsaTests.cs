using Xunit;

namespace KernelGen.Runtime.Tests;

[Collection(ProcessWide.Name)]
public sealed class IsaTests
{
    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("  ")]
    public void Without_a_wish_the_best_is_used(string? value)
    {
        var best = Isa.Resolve(value);

        Assert.True(Isa.IsSupported(best));
        Assert.DoesNotContain(Enum.GetValues<InstructionSet>(), set => set > best && Isa.IsSupported(set));
    }

    [Fact]
    public void Names_ignore_case()
    {
        Assert.Equal(InstructionSet.Scalar, Isa.Resolve("scalar"));
        Assert.Equal(InstructionSet.Scalar, Isa.Resolve("SCALAR"));
        Assert.Equal(InstructionSet.Scalar, Isa.Resolve(" Scalar "));
    }

    [Theory]
    [InlineData("sse2")]
    [InlineData("3")]
    [InlineData("avx2,avx512")]
    public void An_unknown_name_is_an_error_that_lists_what_there_is(string value)
    {
        var error = Assert.Throws<ArgumentException>(() => Isa.Resolve(value));

        Assert.Contains($"KERNELGEN_ISA={value} names no instruction set", error.Message, StringComparison.Ordinal);
        Assert.Contains("avx512, avx2, neon, scalar", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unsupported_instruction_set_is_an_error_that_lists_what_is_supported()
    {
        foreach (var set in Enum.GetValues<InstructionSet>().Where(set => !Isa.IsSupported(set)))
        {
            var name = Isa.NameOf(set);
            var error = Assert.Throws<PlatformNotSupportedException>(() => Isa.Resolve(name));
            Assert.Contains($"KERNELGEN_ISA={name} asks for", error.Message, StringComparison.Ordinal);
            Assert.Contains("scalar", error.Message, StringComparison.Ordinal);
            Assert.Throws<PlatformNotSupportedException>(() => Isa.Override(set));
        }

        var other = Assert.Throws<PlatformNotSupportedException>(() => Isa.Override((InstructionSet)77));
        Assert.StartsWith("Isa.Override: this process can't use the instruction set 77; pass one that it can use: ", other.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_wrong_environment_throws_on_every_read_and_a_right_one_is_followed()
    {
        var before = Environment.GetEnvironmentVariable(Isa.EnvironmentVariable);
        try
        {
            Environment.SetEnvironmentVariable(Isa.EnvironmentVariable, "vax");
            Isa.ForgetEnvironment();
            Assert.Throws<ArgumentException>(() => Isa.Current);
            Assert.Throws<ArgumentException>(() => Isa.Current);
            Assert.Throws<ArgumentException>(Isa.Describe);
            using (Isa.Override(InstructionSet.Scalar))
            {
                Assert.Equal(InstructionSet.Scalar, Isa.Current);
            }

            Environment.SetEnvironmentVariable(Isa.EnvironmentVariable, "Scalar");
            Assert.Equal(InstructionSet.Scalar, Isa.Current);
            Environment.SetEnvironmentVariable(Isa.EnvironmentVariable, "vax");
            Assert.Equal(InstructionSet.Scalar, Isa.Current);
        }
        finally
        {
            Environment.SetEnvironmentVariable(Isa.EnvironmentVariable, before);
            Isa.ForgetEnvironment();
        }
    }

    [Fact]
    public void Overrides_nest_and_restore_once()
    {
        var before = Isa.Current;
        var best = Isa.Resolve(null);
        var outer = Isa.Override(InstructionSet.Scalar);
        using (Isa.Override(best))
        {
            Assert.Equal(best, Isa.Current);
        }

        Assert.Equal(InstructionSet.Scalar, Isa.Current);
        outer.Dispose();
        using (Isa.Override(best))
        {
            outer.Dispose();
            Assert.Equal(best, Isa.Current);
        }

        Assert.Equal(before, Isa.Current);
    }

    [Fact]
    public void Describe_is_one_line()
    {
        using var _ = Isa.Override(InstructionSet.Scalar);

        Assert.StartsWith("scalar (supported: ", Isa.Describe(), StringComparison.Ordinal);
        Assert.EndsWith("scalar)", Isa.Describe(), StringComparison.Ordinal);
        Assert.DoesNotContain('\n', Isa.Describe());
    }

    [Fact]
    public void A_program_published_for_less_than_the_processor_has_says_which_property_decides()
    {
        var text = Isa.LeftOut([InstructionSet.Avx512, InstructionSet.Avx2]);

        Assert.Contains("avx512 and avx2", text, StringComparison.Ordinal);
        Assert.Contains("IlcInstructionSet", text, StringComparison.Ordinal);
        Assert.Empty(Isa.LeftOut([]));
    }
}
