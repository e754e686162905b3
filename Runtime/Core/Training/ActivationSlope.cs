using System.Numerics;
using System.Runtime.CompilerServices;

namespace KernelGen.Training;

/// <summary>The gradient of what an activation takes, where its slope can be told from its result.</summary>
internal static class ActivationSlope
{
    /// <summary>dz = dy times the slope. For <see cref="Activation.None"/> that is dy itself.</summary>
    /// <param name="layer">The activation and its slope below 0.</param>
    /// <param name="y">What the activation gave.</param>
    /// <param name="dy">The gradient of y.</param>
    /// <param name="dz">Receives the gradient of what the activation took; as long as the others.</param>
    public static void Multiply(LayerDescriptor layer, ReadOnlySpan<float> y, ReadOnlySpan<float> dy, Span<float> dz)
    {
        switch (layer.Activation)
        {
            case Activation.Relu:
                Multiply(new Leaky(0), y, dy, dz);
                break;
            case Activation.LeakyRelu:
                Multiply(new Leaky(layer.NegativeSlope), y, dy, dz);
                break;
            case Activation.Sigmoid:
                Multiply(default(Sigmoid), y, dy, dz);
                break;
            case Activation.Tanh:
                Multiply(default(Tanh), y, dy, dz);
                break;
            default:
                throw new ArgumentException($"Layer '{layer.Name}': the slope of {layer.Activation} can't be told from its result.", nameof(layer));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Multiply<TSlope>(TSlope slope, ReadOnlySpan<float> y, ReadOnlySpan<float> dy, Span<float> dz)
        where TSlope : struct, ISlope
    {
        var i = 0;
        for (; i <= dz.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            slope.Multiply(new Vector<float>(y[i..]), new Vector<float>(dy[i..])).CopyTo(dz[i..]);
        }

        // What is left, as the first lanes of a vector.
        Span<float> lastY = stackalloc float[Vector<float>.Count], lastDy = stackalloc float[Vector<float>.Count];
        lastY.Clear();
        lastDy.Clear();
        y[i..].CopyTo(lastY);
        dy[i..].CopyTo(lastDy);
        slope.Multiply(new Vector<float>(lastY), new Vector<float>(lastDy)).CopyTo(lastY);
        lastY[..(dz.Length - i)].CopyTo(dz[i..]);
    }

    private interface ISlope
    {
        Vector<float> Multiply(Vector<float> y, Vector<float> dy);
    }

    /// <summary>A NaN counts as above 0, as in torch.</summary>
    private readonly struct Leaky(float slope) : ISlope
    {
        private readonly Vector<float> _slope = new(slope);

        public Vector<float> Multiply(Vector<float> y, Vector<float> dy)
            => Vector.ConditionalSelect(Vector.LessThanOrEqual(y, Vector<float>.Zero), Below(dy), dy);

        // A selection where the slope is 0: an infinite gradient times 0 would be NaN.
        private Vector<float> Below(Vector<float> dy) => slope == 0 ? Vector<float>.Zero : dy * _slope;
    }

    private readonly struct Sigmoid : ISlope
    {
        public Vector<float> Multiply(Vector<float> y, Vector<float> dy) => dy * (Vector<float>.One - y) * y;
    }

    private readonly struct Tanh : ISlope
    {
        public Vector<float> Multiply(Vector<float> y, Vector<float> dy) => dy * (Vector<float>.One - (y * y));
    }
}
