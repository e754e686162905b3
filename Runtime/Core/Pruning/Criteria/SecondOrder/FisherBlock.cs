namespace KernelGen.Pruning;

/// <summary>Neighbouring weights of a layer, and the inverse F^-1 of their part of the Fisher matrix.</summary>
internal readonly ref struct FisherBlock
{
    /// <summary>Row-major [block, block].</summary>
    public required ReadOnlySpan<double> Inverse { get; init; }

    /// <summary>The block's weights.</summary>
    public required ReadOnlySpan<float> Weights { get; init; }

    /// <summary>1/2 w_q^2 / [F^-1]_qq: what the loss rises when one weight goes.</summary>
    public double Rise(int place)
        => (double)Weights[place] * Weights[place] / (2 * Inverse[(place * Weights.Length) + place]);

    /// <summary>1/2 w_Q^T x of x = (F^-1[Q,Q])^-1 w_Q: what the loss rises when several go at once.</summary>
    public double Rise(ReadOnlySpan<int> places, ReadOnlySpan<double> solution)
    {
        var rise = 0.0;
        for (var q = 0; q < places.Length; q++)
        {
            rise += Weights[places[q]] * solution[q] / 2;
        }

        return rise;
    }

    /// <summary>Solves F^-1[Q,Q] x = w_Q for the weights Q that go.</summary>
    /// <returns>Null where rounding left F^-1[Q,Q] without an inverse.</returns>
    public double[]? Solve(ReadOnlySpan<int> places)
    {
        var system = Cholesky.Part(Inverse, Weights.Length, places);
        if (!Cholesky.TryInvert(system, places.Length))
        {
            return null;
        }

        var solution = new double[places.Length];
        for (var q = 0; q < places.Length; q++)
        {
            Vectors.AddScaled(Weights[places[q]], system.AsSpan(q * places.Length, places.Length), solution);
        }

        return solution;
    }

    /// <summary>-F^-1[:,Q] x: how the weight at a place changes.</summary>
    public double Change(int place, ReadOnlySpan<int> places, ReadOnlySpan<double> solution)
    {
        var change = 0.0;
        for (var q = 0; q < places.Length; q++)
        {
            change -= Inverse[(place * Weights.Length) + places[q]] * solution[q];
        }

        return change;
    }
}
