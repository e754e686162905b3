namespace KernelGen.Pruning;

/// <summary>Rounds shares to whole numbers whose total is the rounded total of the shares.</summary>
public static class LargestRemainder
{
    /// <summary>
    /// Rounds shares down, then gives what is missing to those that lost most, one each; of equals the first. No count falls
    /// below 1 or exceeds its capacity; the total gives way only where that makes it impossible.
    /// </summary>
    /// <param name="shares">What each should get; not negative.</param>
    /// <param name="capacities">What each can take, at least 1.</param>
    /// <returns>A count for each; their total is the nearest whole number to the total of the shares, halves up.</returns>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static long[] Round(ReadOnlySpan<double> shares, ReadOnlySpan<long> capacities)
    {
        var minima = new long[shares.Length];
        Array.Fill(minima, 1);
        return Round(shares, minima, capacities);
    }

    /// <summary>The same with a least count for each: none falls below it.</summary>
    /// <param name="shares">What each should get; not negative.</param>
    /// <param name="minima">What each gets at least; not above its capacity.</param>
    /// <param name="capacities">What each can take.</param>
    /// <returns>
    /// A count for each; their total is the nearest whole number to the total of the shares, halves up, unless the minima are above it.
    /// </returns>
    /// <exception cref="ArgumentException">The lengths differ, or a minimum is above its capacity.</exception>
    public static long[] Round(ReadOnlySpan<double> shares, ReadOnlySpan<long> minima, ReadOnlySpan<long> capacities)
    {
        if (shares.Length != capacities.Length || shares.Length != minima.Length)
        {
            throw new ArgumentException(
                $"{shares.Length} shares meet {minima.Length} minima and {capacities.Length} capacities.", nameof(capacities));
        }

        var counts = new long[shares.Length];
        var sum = 0.0;
        var missing = 0L;
        for (var i = 0; i < shares.Length; i++)
        {
            counts[i] = Math.Clamp((long)Math.Floor(Math.Round(shares[i], 9)), minima[i], capacities[i]);
            sum += shares[i];
            missing -= counts[i];
        }

        missing += Count.Nearest(sum);
        while (missing != 0)
        {
            var direction = Math.Sign(missing);
            var next = Furthest(shares, minima, capacities, counts, direction);
            if (next < 0)
            {
                break;
            }

            counts[next] += direction;
            missing -= direction;
        }

        return counts;
    }

    /// <summary>The count that lies furthest from its share on the side that a step in a direction mends; -1 if none can move.</summary>
    private static int Furthest(
        ReadOnlySpan<double> shares, ReadOnlySpan<long> minima, ReadOnlySpan<long> capacities, long[] counts, int direction)
    {
        var furthest = -1;
        var distance = double.NegativeInfinity;
        for (var i = 0; i < shares.Length; i++)
        {
            var canMove = direction > 0 ? counts[i] < capacities[i] : counts[i] > minima[i];
            var mends = Math.Round(direction * (shares[i] - counts[i]), 9);
            if (canMove && mends > distance)
            {
                (furthest, distance) = (i, mends);
            }
        }

        return furthest;
    }
}
