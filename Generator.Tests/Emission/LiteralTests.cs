using KernelGen.Generator.Emission;
using KernelGen.Generator.Text;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace KernelGen.Generator.Tests.Emission;

/// <summary>Literals read back bit for bit; the reader is the C# compiler's own.</summary>
public sealed class LiteralTests
{
    [Theory]
    [InlineData(0f, "0f")]
    [InlineData(-0f, "-0f")]
    [InlineData(0.01f, "0.01f")]
    [InlineData(-1.5f, "-1.5f")]
    [InlineData(float.NaN, "float.NaN")]
    [InlineData(float.PositiveInfinity, "float.PositiveInfinity")]
    [InlineData(float.NegativeInfinity, "float.NegativeInfinity")]
    public void Floats(float value, string expected) => Assert.Equal(expected, Literal.Of(value));

    [Theory]
    [InlineData(0d, "0d")]
    [InlineData(-0d, "-0d")]
    [InlineData(0.95, "0.95d")]
    [InlineData(double.NaN, "double.NaN")]
    [InlineData(double.PositiveInfinity, "double.PositiveInfinity")]
    [InlineData(double.NegativeInfinity, "double.NegativeInfinity")]
    public void Doubles(double value, string expected) => Assert.Equal(expected, Literal.Of(value));

    [Fact]
    public void Random_floats_read_back_bit_for_bit()
    {
        const int Seed = 1;
        var random = new Random(Seed);
        float[] edges = [float.Epsilon, float.MaxValue, float.MinValue, 1.17549435E-38f, -0f, 0f, 16777217f];
        var values = edges.Concat(Enumerable.Range(0, 20_000)
            .Select(_ => BitConverter.Int32BitsToSingle((int)random.NextInt64(int.MinValue, int.MaxValue))));
        foreach (var value in values.Where(float.IsFinite))
        {
            var read = Read(Literal.Of(value), number => (float)number);
            Assert.True(
                BitConverter.SingleToInt32Bits(value) == BitConverter.SingleToInt32Bits(read),
                $"Seed {Seed}: {value:G9} is written {Literal.Of(value)} and reads back as {read:G9}.");
        }
    }

    [Fact]
    public void Random_doubles_read_back_bit_for_bit()
    {
        const int Seed = 2;
        var random = new Random(Seed);
        double[] edges = [double.Epsilon, double.MaxValue, double.MinValue, 2.2250738585072014E-308, -0d, 0d, 0.1 + 0.2];
        var values = edges.Concat(Enumerable.Range(0, 20_000)
            .Select(_ => BitConverter.Int64BitsToDouble(random.NextInt64(long.MinValue, long.MaxValue))));
        foreach (var value in values.Where(double.IsFinite))
        {
            var read = Read(Literal.Of(value), number => (double)number);
            Assert.True(
                BitConverter.DoubleToInt64Bits(value) == BitConverter.DoubleToInt64Bits(read),
                $"Seed {Seed}: {value:G17} is written {Literal.Of(value)} and reads back as {read:G17}.");
        }
    }

    private static T Read<T>(string text, Func<object, T> cast)
        where T : System.Numerics.INumberBase<T>
        => SyntaxFactory.ParseExpression(text) switch
        {
            LiteralExpressionSyntax literal => cast(literal.Token.Value!),
            PrefixUnaryExpressionSyntax { Operand: LiteralExpressionSyntax literal } => -cast(literal.Token.Value!),
            var other => throw new InvalidOperationException($"{other} is no literal."),
        };
}
