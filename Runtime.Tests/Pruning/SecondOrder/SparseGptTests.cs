using KernelGen.Pruning;
using Xunit;

namespace KernelGen.Runtime.Tests.Pruning;

public sealed class SparseGptTests
{
    /// <summary>
    /// U = (1, 1/2; 0, 1) for the first two inputs and (1/2, 1/4; 0, 1/2) for the last two. With V = U^-1 = (1, -1/2; 0, 1) and (2, -1;
    /// 0, 2), H = V V^T = (5/4, -1/2; -1/2, 1) and (5, -2; -2, 4), and the mean of x x^T is half of it.
    /// </summary>
    private static readonly LayerEvidence _evidence = new()
    {
        InputGram = new float[]
        {
            0.625f, -0.25f, 0, 0,
            -0.25f, 0.5f, 0, 0,
            0, 0, 2.5f, -1,
            0, 0, -1, 2,
        },
    };

    private static readonly float[] _weights =
    [
        2, 3, 1, 2,
        1, 1, 1, 1,
        4, 1, -2, 3,
    ];

    private static readonly SparseGptCriterion _undamped = new(dampening: 0);

    [Fact]
    public void Scores_by_hand()
    {
        // w^2 / U_jj^2 = w^2 times 1, 1, 4, 4
        SecondOrderCase.AssertNear(
            [
                4, 9, 4, 16,
                1, 1, 4, 4,
                16, 1, 16, 36,
            ],
            SecondOrderCase.Of(3, 4, _weights, _evidence).Scores(_undamped));
    }

    [Fact]
    public void Compensation_by_hand()
    {
        // Row 0 loses inputs 0 and 2: err = 2 / 1, so input 1 becomes 3 - 2 * 1/2 = 2; err = 1 / (1/2) = 2, so input 3 becomes 2 - 2 * 1/4 = 3/2.
        // Row 1 loses inputs 1 and 3, to the right of which nothing makes up for them.
        // Row 2 loses inputs 0 and 1: err = 4, input 1 becomes 1 - 4 * 1/2 = -1 and then 0.
        var given = SecondOrderCase.Of(3, 4, _weights, _evidence);
        SecondOrderCase.AssertNear(
            [
                0, 2, 0, 1.5,
                1, 0, 1, 0,
                0, 0, -2, 3,
            ],
            given.Compensated(_undamped, given.Without(0, 2, 5, 7, 8, 9)));
    }

    [Fact]
    public void The_sweep_is_optimal_brain_surgery_on_what_lies_to_the_right() => ForAll.Seeds(100, random =>
    {
        var (outputs, inputs) = (random.Next(1, 6), random.Next(1, 12));
        var given = SecondOrderCase.Random(random, outputs, inputs, density: 0.9);
        var mask = given.Thinned(random, random.NextDouble());
        var criterion = new SparseGptCriterion(random.Next(1, 5), dampening: 0.01);
        var hessian = Hessian(given);

        var expected = Enumerable.Range(0, outputs).SelectMany(row => Swept(hessian, Row(given, row), mask.AsSpan(row * inputs, inputs)));

        SecondOrderCase.AssertNear(expected, given.Compensated(criterion, mask), 1e-6);
    });

    [Fact]
    public void A_score_is_twice_what_the_outputs_change_when_the_weights_to_the_right_make_up() => ForAll.Seeds(50, random =>
    {
        var given = SecondOrderCase.Random(random, outputs: 3, inputs: 8);
        var hessian = Hessian(given);

        var expected = Enumerable.Range(0, 24).Select(p =>
        {
            int[] right = [.. Enumerable.Range(p % 8, 8 - (p % 8))];
            var part = Exact.Part(hessian, right);
            double[] weights = [.. right.Select(j => (double)given.Weights[p - (p % 8) + j])];
            return 2 * Exact.Rise(part, Exact.LeastChange(part, weights, [0]));
        });

        SecondOrderCase.AssertNear(expected, given.Scores(new SparseGptCriterion()));
    });

    /// <summary>
    /// A single pruned weight, or weights that all lie to the left of those that stay: there the sweep finds the least change of all that
    /// it may make, which plain masking is one of. The last weight of a row has nothing to its right, and is only masked.
    /// </summary>
    [Fact]
    public void One_weight_or_the_first_few_never_do_worse_than_plain_masking() => ForAll.Seeds(100, random =>
    {
        var inputs = random.Next(2, 12);
        var given = SecondOrderCase.Random(random, outputs: 1, inputs);
        var gram = Exact.Damped(given.Evidence.InputGram.ToArray(), 1, 0);
        var one = random.Next(inputs);
        var few = random.Next(inputs);
        foreach (var mask in new[] { given.Without(one), given.Mask.Select((_, j) => j >= few).ToArray() })
        {
            var swept = Change(given, given.Compensated(new SparseGptCriterion(), mask));
            var masked = Change(given, Masked(given, mask));
            Assert.True(Exact.Rise(gram, swept) <= Exact.Rise(gram, masked) * (1 + 1e-6));
        }

        Assert.Equal(Masked(given, given.Without(inputs - 1)), given.Compensated(new SparseGptCriterion(), given.Without(inputs - 1)));
    });

    /// <summary>
    /// U = (1, 1, 0; 0, 1, -2; 0, 0, 1), V = U^-1 = (1, -1, -2; 0, 1, 2; 0, 0, 1), H = V V^T. The weights (1, 3, 2) lose the first and
    /// the last. Masked, they change by d = (-1, 0, -2), and d^T H d = 6 - 8 + 4 = 2. The sweep makes up for the first with the second, d
    /// = (-1, -1, -2), before it knows that the last goes, too: 6 + 5 + 4 - 10 - 8 + 8 = 5.
    /// </summary>
    [Fact]
    public void What_is_settled_is_not_undone_so_a_row_may_do_worse_than_masked()
    {
        float[] hessian = [6, -5, -2, -5, 5, 2, -2, 2, 1];
        var given = SecondOrderCase.Of(1, 3, [1, 3, 2], new LayerEvidence { InputGram = hessian.Select(h => h / 2).ToArray() });
        var exact = Exact.Damped(hessian, 1, 0);

        var swept = given.Compensated(_undamped, given.Without(0, 2));

        SecondOrderCase.AssertNear([0, 2, 0], swept);
        Assert.Equal(5, 2 * Exact.Rise(exact, Change(given, swept)), 1e-4);
        Assert.Equal(2, 2 * Exact.Rise(exact, Change(given, Masked(given, given.Without(0, 2)))), 1e-4);
    }

    /// <summary>Over many rows with weights pruned here and there it does far better.</summary>
    [Fact]
    public void Half_of_the_weights_cost_far_less_than_plain_masking_on_the_whole()
    {
        var random = new Random(5);
        var (swept, masked) = (0.0, 0.0);
        for (var i = 0; i < 200; i++)
        {
            var given = SecondOrderCase.Random(random, outputs: 1, inputs: 16);
            var gram = Exact.Damped(given.Evidence.InputGram.ToArray(), 1, 0);
            var mask = given.Thinned(random, 0.5);
            swept += Exact.Rise(gram, Change(given, given.Compensated(new SparseGptCriterion(), mask)));
            masked += Exact.Rise(gram, Change(given, Masked(given, mask)));
        }

        Assert.InRange(swept / masked, 0, 0.7);
    }

    [Fact]
    public void Groups_are_chosen_with_the_weights_that_the_former_left() => ForAll.Seeds(100, random =>
    {
        var pattern = new NMPattern(random.Next(1, 4), random.Next(4, 6));
        var given = SecondOrderCase.Random(random, random.Next(1, 4), random.Next(1, 14), density: 0.9, pattern);
        var inputs = given.Layer.InFeatures;
        var hessian = Hessian(given);
        var criterion = new SparseGptCriterion(random.Next(1, 8));

        bool[] mask = [.. given.Mask];
        var weights = new List<double>();
        for (var row = 0; row < given.Layer.OutFeatures; row++)
        {
            var active = mask[(row * inputs)..((row + 1) * inputs)];
            var current = Row(given, row);
            for (var first = 0; first < inputs; first += pattern.M)
            {
                // Everything to the left is settled, everything to the right stays for now.
                bool[] sofar = [.. active.Select((value, j) => value || j >= first)];
                var left = Swept(hessian, current, sofar);
                int[] group = [.. Enumerable.Range(first, Math.Min(pattern.M, inputs - first)).Where(j => given.Mask[(row * inputs) + j])];
                var kept = group.OrderByDescending(j => Score(hessian, left, j)).Take(pattern.N).ToHashSet();
                foreach (var j in group)
                {
                    active[j] = kept.Contains(j);
                }
            }

            weights.AddRange(Swept(hessian, current, active));
            active.CopyTo(mask, row * inputs);
        }

        bool[] ranked = [.. given.Mask];
        NMMask.Keep(given.Scores(criterion), inputs, pattern.M, pattern.N, ranked);
        Assert.Equal(mask, ranked);
        var (pruned, result) = (new bool[mask.Length], new float[mask.Length]);
        criterion.Prune(given.Input, pruned, result);
        Assert.Equal(mask, pruned);
        SecondOrderCase.AssertNear(weights, result, 1e-6);
    });

    [Fact]
    public void Blocks_are_chosen_with_the_weights_that_the_former_left() => ForAll.Seeds(100, random =>
    {
        var (outputs, inputs, size) = (random.Next(1, 5), random.Next(1, 14), random.Next(1, 6));
        var pattern = new UnstructuredPattern(random.NextDouble());
        var given = SecondOrderCase.Random(random, outputs, inputs, density: 1, pattern);
        var hessian = Hessian(given);
        double[][] rows = [.. Enumerable.Range(0, outputs).Select(row => Row(given, row))];
        bool[][] masks = [.. rows.Select(row => row.Select(_ => true).ToArray())];

        var kept = 0L;
        for (var first = 0; first < inputs; first += size)
        {
            var last = Math.Min(inputs, first + size);
            double[][] left = [.. rows.Select((row, i) => Swept(hessian, row, masks[i]))];
            var count = Oracle.Kept(pattern.Sparsity, outputs * last) - kept;
            kept += count;
            var places = Enumerable.Range(0, outputs * (last - first)).Select(p => (Row: p / (last - first), Column: first + (p % (last - first))));
            foreach (var (row, column) in places.OrderByDescending(p => Score(hessian, left[p.Row], p.Column)).Skip((int)count))
            {
                masks[row][column] = false;
            }
        }

        var (mask, weights) = (new bool[outputs * inputs], new float[outputs * inputs]);
        new SparseGptCriterion(size).Prune(given.Input, mask, weights);
        Assert.Equal(masks.SelectMany(row => row), mask);
        SecondOrderCase.AssertNear(rows.SelectMany((row, i) => Swept(hessian, row, masks[i])), weights, 1e-6);
    });

    [Fact]
    public void An_input_that_is_always_0_loses_its_weights_first_and_changes_no_other()
    {
        float[] gram = [2, 0, 1, 0, 0, 0, 1, 0, 2];
        var given = SecondOrderCase.Of(2, 3, [1, 5, 1, 2, -5, 2], new LayerEvidence { InputGram = gram });
        var without = SecondOrderCase.Of(2, 2, [1, 1, 2, 2], new LayerEvidence { InputGram = new float[] { 2, 1, 1, 2 } });
        var criterion = new SparseGptCriterion();

        var scores = given.Scores(criterion);
        var expected = without.Scores(criterion);
        SecondOrderCase.AssertNear([expected[0], 0, expected[1], expected[2], 0, expected[3]], scores);

        var few = without.Compensated(criterion, [false, true, true, true]);
        SecondOrderCase.AssertNear([0, 5, few[1], few[2], 0, few[3]], given.Compensated(criterion, given.Without(0, 4)));
    }

    [Fact]
    public void A_layer_whose_inputs_are_all_0_is_masked()
    {
        var given = SecondOrderCase.Of(1, 2, [1, 2], new LayerEvidence { InputGram = new float[4] });

        Assert.Equal([0, 0], given.Scores(new SparseGptCriterion()));
        Assert.Equal([0, 2], given.Compensated(new SparseGptCriterion(), [false, true]));
    }

    [Fact]
    public void A_weight_that_is_not_a_number_is_named()
    {
        var given = SecondOrderCase.Of(2, 4, [1, 2, 3, 4, 5, 6, float.NaN, 8], _evidence, new NMPattern(2, 4));

        var error = Assert.Throws<ArgumentException>(() => given.Scores(_undamped));

        Assert.Contains("'Fc1': the weight at row 1, column 2 is NaN", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Block_layers_are_pruned_by_their_scores()
    {
        var given = SecondOrderCase.Of(1, 4, [1, 2, 3, 4], _evidence, new BlockPattern(1, 2, 0.5));

        var error = Assert.Throws<ArgumentException>(() => new SparseGptCriterion().Prune(given.Input, new bool[4], new float[4]));

        Assert.Contains("'Fc1' is block 1x2", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Dependent_inputs_without_dampening_are_an_error()
    {
        var given = SecondOrderCase.Of(1, 2, [1, 2], new LayerEvidence { InputGram = new float[] { 1, 1, 1, 1 } });

        var error = Assert.Throws<ArgumentException>(() => given.Scores(_undamped));

        Assert.Contains("'Fc1'", error.Message, StringComparison.Ordinal);
        Assert.Contains("Raise the dampening", error.Message, StringComparison.Ordinal);
    }

    private static double[,] Hessian(SecondOrderCase given) => Exact.Damped(given.Evidence.InputGram.ToArray(), scale: 2, share: 0.01);

    private static double[] Row(SecondOrderCase given, int row)
        => [.. given.Doubles.Skip(row * given.Layer.InFeatures).Take(given.Layer.InFeatures)];

    /// <summary>From left to right: what goes is made up for by all to its right, with the exact inverse of their part of the Hessian.</summary>
    private static double[] Swept(double[,] hessian, double[] row, ReadOnlySpan<bool> mask)
    {
        double[] weights = [.. row];
        for (var j = 0; j < row.Length; j++)
        {
            if (!mask[j])
            {
                var inverse = Exact.Inverse(Exact.Part(hessian, [.. Enumerable.Range(j, row.Length - j)]));
                var error = weights[j] / inverse[0, 0];
                for (var k = j; k < row.Length; k++)
                {
                    weights[k] -= error * inverse[k - j, 0];
                }

                weights[j] = 0;
            }
        }

        return weights;
    }

    /// <summary>w^2 / U_jj^2: the inverse of a leading part of H^-1 = U^T U ends with 1 / U_jj^2.</summary>
    private static double Score(double[,] hessian, double[] weights, int j)
        => weights[j] * weights[j] * Exact.Inverse(Exact.Part(Exact.Inverse(hessian), [.. Enumerable.Range(0, j + 1)]))[j, j];

    private static float[] Masked(SecondOrderCase given, bool[] mask) => [.. given.Weights.Select((w, i) => mask[i] ? w : 0)];

    private static double[] Change(SecondOrderCase given, float[] weights) => [.. given.Weights.Select((w, i) => (double)weights[i] - w)];
}
