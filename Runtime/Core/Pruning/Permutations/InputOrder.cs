namespace KernelGen.Pruning;

/// <summary>Brings features into another order: place j takes feature order[j].</summary>
public static class InputOrder
{
    /// <summary>Brings the features of a row-major batch into an order, as a model with permuted inputs takes them.</summary>
    /// <param name="input">Activations [batch, order.Length].</param>
    /// <param name="order">Every feature once: place j takes feature order[j].</param>
    /// <param name="output">Receives [batch, order.Length]; must not overlap <paramref name="input"/>.</param>
    /// <exception cref="ArgumentException">The order doesn't hold every feature once, or a length doesn't fit.</exception>
    public static void Apply(ReadOnlySpan<float> input, ReadOnlySpan<int> order, Span<float> output)
    {
        var places = Checked(order, order.Length);
        var isWhole = places.Length == 0 ? input.IsEmpty : input.Length % places.Length == 0;
        if (input.Length != output.Length || !isWhole || input.Overlaps(output))
        {
            throw new ArgumentException(
                $"An input of {input.Length} and an output of {output.Length} values must be whole samples of {order.Length} features, apart in memory.",
                nameof(output));
        }

        for (var sample = 0; sample < input.Length; sample += places.Length)
        {
            for (var place = 0; place < places.Length; place++)
            {
                output[sample + place] = input[sample + places[place]];
            }
        }
    }

    /// <summary>Copies an order that holds every feature once.</summary>
    internal static int[] Checked(ReadOnlySpan<int> order, int count)
    {
        var seen = new bool[count];
        foreach (var feature in order)
        {
            if (order.Length != count || feature < 0 || feature >= count || seen[feature])
            {
                throw new ArgumentException($"An order of {count} features holds each of 0 to {count - 1} once.", nameof(order));
            }

            seen[feature] = true;
        }

        return order.Length == count ? order.ToArray() : throw new ArgumentException($"An order of {count} features is not empty.", nameof(order));
    }
}
