namespace KernelGen.Pruning;

/// <summary>Lets the units of several layers compete for one number of weights.</summary>
internal static class GlobalCompetition
{
    /// <summary>
    /// Takes units by their keys until the capacity is full; of equal keys the earlier layer's, then the lower index. A layer whose
    /// next unit doesn't fit takes no more. A layer keeps at least its minimum, even above the capacity.
    /// </summary>
    /// <param name="layers">The layers' rankings.</param>
    /// <param name="capacity">Weights to keep in total.</param>
    /// <returns>The units each layer keeps.</returns>
    public static long[] Allot(IReadOnlyList<UnitRanking> layers, long capacity)
    {
        var certain = new Part?[layers.Count];
        while (true)
        {
            // What a layer below its minimum is given is missing elsewhere: all start anew, until no other layer falls below.
            var parts = Fill(layers, certain, capacity);
            var below = Enumerable.Range(0, parts.Length)
                .Where(layer => certain[layer] is null && parts[layer].Units < layers[layer].Minimum)
                .ToArray();
            if (below.Length == 0)
            {
                return [.. parts.Select(static part => part.Units)];
            }

            foreach (var layer in below)
            {
                var minimum = layers[layer].Minimum;
                certain[layer] = new Part(minimum, layers[layer].WeightsOf(minimum), false);
            }
        }
    }

    /// <summary>Fills the capacity from the layers whose part is not certain yet.</summary>
    private static Part[] Fill(IReadOnlyList<UnitRanking> layers, Part?[] certain, long capacity)
    {
        Part?[] closed = [.. certain];
        while (true)
        {
            var rest = Math.Max(0, capacity - closed.Sum(static part => part?.Weights ?? 0));
            var open = Enumerable.Range(0, layers.Count).Where(layer => closed[layer] is null).ToArray();
            (var key, rest) = RankSelect.Threshold([.. open.Select(layer => layers[layer])], rest, bySize: true);
            Part[] parts = [.. layers.Select((layer, i) => closed[i] ?? Take(layer, key, ref rest))];
            var blocked = open.Where(layer => parts[layer].IsBlocked).ToArray();
            if (blocked.Length == 0 || rest == 0)
            {
                return parts;
            }

            // What their next units left over is for the others, further down their ranking.
            foreach (var layer in blocked)
            {
                closed[layer] = parts[layer];
            }
        }
    }

    /// <summary>Takes a layer's units above a key, and those at it while they fit.</summary>
    private static Part Take(UnitRanking layer, ulong threshold, ref long rest)
    {
        var units = 0L;
        var weights = 0L;
        var isBlocked = false;
        for (var unit = 0; unit < layer.Keys.Length; unit++)
        {
            var key = layer.Keys[unit];
            if (key == 0 || key < threshold || (key == threshold && isBlocked))
            {
                continue;
            }

            var size = layer.SizeOf(unit);
            if (key == threshold)
            {
                isBlocked = size > rest;
                if (isBlocked)
                {
                    continue;
                }

                rest -= size;
            }

            units++;
            weights += size;
        }

        return new Part(units, weights, isBlocked);
    }

    /// <summary>What a layer keeps, and whether its next unit didn't fit.</summary>
    private readonly record struct Part(long Units, long Weights, bool IsBlocked);
}
