using System.Globalization;
using KernelGen.Generator.Emission.Cpu;
using KernelGen.Generator.Emission.Gpu;
using KernelGen.Generator.Planning;

namespace KernelGen.Generator.Tests.Emission;

public sealed class ActivationEmitterTests
{
    private const float Infinity = float.PositiveInfinity;

    private static readonly Dialect Avx512 = Dialect.All.Single(d => d.Name == "Avx512");

    [Theory]
    [InlineData(Activation.Relu, -Infinity, 0f)]
    [InlineData(Activation.Relu, Infinity, Infinity)]
    [InlineData(Activation.LeakyRelu, -Infinity, -Infinity)]
    [InlineData(Activation.LeakyRelu, Infinity, Infinity)]
    [InlineData(Activation.Gelu, -Infinity, float.NaN)]
    [InlineData(Activation.Gelu, Infinity, Infinity)]
    [InlineData(Activation.GeluTanh, -Infinity, float.NaN)]
    [InlineData(Activation.GeluTanh, Infinity, Infinity)]
    [InlineData(Activation.Sigmoid, -Infinity, 0f)]
    [InlineData(Activation.Sigmoid, Infinity, 1f)]
    [InlineData(Activation.Sigmoid, 0f, 0.5f)]
    [InlineData(Activation.Tanh, -Infinity, -1f)]
    [InlineData(Activation.Tanh, Infinity, 1f)]
    [InlineData(Activation.Tanh, 1e-30f, 1e-30f)]
    [InlineData(Activation.Tanh, float.Epsilon, float.Epsilon)]
    [InlineData(Activation.Silu, -Infinity, float.NaN)]
    [InlineData(Activation.Silu, Infinity, Infinity)]
    public void Ends_are_exact(Activation activation, float x, float expected)
    {
        foreach (var dialect in Dialect.All.Where(EmittedActivations.IsSupported))
        {
            var values = Enumerable.Repeat(x, 16).ToArray();
            Assert.All(EmittedActivations.Of(dialect).Apply(activation, values), y => Assert.Equal(expected, y));
        }
    }

    [Fact]
    public void Only_what_is_used_is_emitted()
    {
        var text = GpuSharedEmitter.Activations([Activation.None, Activation.Tanh], "Kernels").Text;

        Assert.Contains(" Tanh(", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Exp", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Gelu", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_shared_helper_is_emitted_once()
    {
        var text = GpuSharedEmitter.Activations([Activation.Silu, Activation.Sigmoid], "Kernels").Text;

        Assert.Equal(2, text.Split(" Exp(float x)").Length);
    }

    [Fact]
    public void Order_and_repeats_of_the_activations_change_nothing()
        => Assert.Equal(
            GpuSharedEmitter.Activations([Activation.Silu, Activation.Relu], "Kernels"),
            GpuSharedEmitter.Activations([Activation.Relu, Activation.Silu, Activation.Relu], "Kernels"));

    [Fact]
    public void A_culture_with_decimal_commas_changes_nothing()
    {
        var expected = ActivationEmitter.EmitLibrary(Avx512);
        var before = CultureInfo.CurrentCulture;
        var commas = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        commas.NumberFormat.NumberDecimalSeparator = ",";
        commas.NumberFormat.NegativeSign = "~";
        try
        {
            CultureInfo.CurrentCulture = commas;
            Assert.Equal(expected, ActivationEmitter.EmitLibrary(Avx512));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Theory]
    [InlineData(Activation.None, "sum")]
    [InlineData(Activation.Gelu, "Avx512Activations.Gelu(sum)")]
    [InlineData(Activation.LeakyRelu, "Avx512Activations.LeakyRelu(sum, Vector512.Create(0.2f))")]
    public void A_call_names_the_method(Activation activation, string expected)
        => Assert.Equal(expected, ActivationEmitter.Call(Avx512, new FusedActivation(activation, 0.2f), "sum"));
}
