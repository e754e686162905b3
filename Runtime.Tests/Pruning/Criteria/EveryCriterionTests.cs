using KernelGen.Pruning;
using Xunit;

namespace KernelGen.Runtime.Tests.Pruning;

/// <summary>Every criterion that [Prune] names, with every pattern and unit: the declared counts stay, and of what is compared the highest scores.</summary>
public sealed class EveryCriterionTests
{
    private const int Samples = 40;

    // Refused by name: what whole outputs alone have, and what has a meaning within an output alone.
    private static readonly Criterion[] _ofOutputs = [Criterion.Activity, Criterion.Correlation];

    public static TheoryData<Criterion, PruningUnit> Cases
    {
        get
        {
            var cases = new TheoryData<Criterion, PruningUnit>();
            foreach (var criterion in Enum.GetValues<Criterion>())
            {
                foreach (var unit in Enum.GetValues<PruningUnit>())
                {
                    cases.Add(criterion, unit);
                }
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Prunes_every_pattern_or_says_why_not(Criterion criterion, PruningUnit declared) => ForAll.Seeds(20, random =>
    {
        foreach (var pattern in new SparsityPattern[] { new UnstructuredPattern(0.6), new NMPattern(2, 4), new NMPattern(1, 3), new BlockPattern(2, 3, 0.5) })
        {
            // Nothing divides anything.
            var layer = Given.Layer("Fc1", random.Next(5, 12), random.Next(3, 9), pattern, new PruneSettings(criterion, Schedule.OneShot, Unit: declared));
            var model = Given.Model(null, layer);
            var unit = _ofOutputs.Contains(criterion) && declared == PruningUnit.Pattern ? PruningUnit.Output : declared;
            var isGrouped = pattern is NMPattern;
            if (_ofOutputs.Contains(criterion) ? isGrouped || unit != PruningUnit.Output : criterion == Criterion.Wanda && unit == PruningUnit.Output && !isGrouped)
            {
                var message = Assert.Throws<ArgumentException>(() => new MaskUpdater(model, 10)).Message;
                Assert.Contains("'Fc1'", message, StringComparison.Ordinal);
                Assert.Contains($"{criterion}Criterion", message, StringComparison.Ordinal);
                continue;
            }

            Check(model, isGrouped ? PruningUnit.Pattern : unit, random);
        }
    });

    private static void Check(ModelDescriptor model, PruningUnit unit, Random random)
    {
        var (layer, columns) = (model.Layers[0], model.Layers[0].InFeatures);
        var (weights, evidence) = Numbers(random, layer);
        float[] before = [.. weights];
        var mask = Enumerable.Repeat(true, weights.Length).ToArray();
        // Of one layer R is the sum of |w|, and d ln R / d|w| one over it.
        var flow = evidence with { Flow = weights.Select(_ => 1 / weights.Sum(MathF.Abs)).ToArray() };
        var criterion = PruningPlan.From(model, 10).Layers[0]!.Criterion;
        var scores = new float[weights.Length];
        criterion.Score(new ScoreInput { Layer = layer, Weights = before, Mask = mask, Evidence = flow, Units = UnitGrid.Of(layer, unit) }, scores);

        new MaskUpdater(model, 10).Update(0, [weights.AsMemory()], [mask.AsMemory()], [evidence]);

        Assert.Null(layer.FindViolation(mask));
        Assert.All(weights, weight => Assert.True(float.IsFinite(weight)));
        var block = layer.Pattern as BlockPattern;
        var (height, width) = (block?.Rows ?? 1, block?.Columns ?? 1);
        (int Row, int Column) UnitOf(int i) => unit switch
        {
            PruningUnit.Output => (i / columns / height, 0),
            PruningUnit.Input => (0, i % columns / width),
            _ => (i / columns / height, i % columns / width),
        };
        var units = Enumerable.Range(0, mask.Length).GroupBy(UnitOf).Select(own =>
        {
            Assert.True(own.All(i => mask[i] == mask[own.First()]), $"Unit {own.Key} is cut.");
            return (own.Key.Row, own.Key.Column, Stays: mask[own.First()], Score: own.Sum(i => (double)scores[i]));
        }).ToArray();
        var sets = units.GroupBy(own => layer.Pattern is NMPattern nm ? (own.Row, own.Column / nm.M) : criterion.RanksPerOutput ? (own.Row, 0) : (0, 0)).ToArray();
        if (layer.Pattern is NMPattern pattern)
        {
            Assert.All(sets, set => Assert.Equal(Math.Min(pattern.N, set.Count()), set.Count(own => own.Stays)));
        }
        else
        {
            Assert.Equal(Math.Max(1, Oracle.Kept(layer.Pattern.TargetSparsity, units.Length)), units.Count(own => own.Stays));
        }

        var largest = units.Max(own => Math.Abs(own.Score));
        Assert.All(sets, set => Assert.True(
            set.Where(own => own.Stays).Select(own => own.Score).DefaultIfEmpty(double.PositiveInfinity).Min()
            >= set.Where(own => !own.Stays).Select(own => own.Score).DefaultIfEmpty(double.NegativeInfinity).Max() - (1e-5 * largest)));
    }

    // Of random samples of inputs, gradients and outputs.
    private static (float[] Weights, LayerEvidence Evidence) Numbers(Random random, LayerDescriptor layer)
    {
        float[] Some(int count) => [.. Enumerable.Range(0, count).Select(_ => (2 * random.NextSingle()) - 1)];
        float[][] Several(int size) => [.. Enumerable.Range(0, Samples).Select(_ => Some(size))];
        float[] Mean(float[][] rows) => [.. Enumerable.Range(0, rows[0].Length).Select(i => rows.Average(row => row[i]))];
        float[] Gram(float[][] rows) => Mean([.. rows.Select(row => row.SelectMany(a => row.Select(b => a * b)).ToArray())]);
        var (inputs, gradients, outputs) = (Several(layer.InFeatures), Several(layer.OutFeatures), Several(layer.OutFeatures));
        float[][] single = [.. inputs.Zip(gradients, (x, g) => g.SelectMany(own => x.Select(value => own * value)).ToArray())];
        var count = (int)layer.WeightCount;
        return (Some(count), new LayerEvidence
        {
            Gradient = Mean(single),
            SquaredGradient = Mean([.. single.Select(g => g.Select(value => value * value).ToArray())]),
            SampleGradients = single.SelectMany(g => g).ToArray(),
            HessianGradient = Some(count),
            Sensitivity = Some(count).Select(MathF.Abs).ToArray(),
            Movement = Some(count),
            InputNorms = Enumerable.Range(0, layer.InFeatures).Select(j => MathF.Sqrt(inputs.Sum(x => x[j] * x[j]))).ToArray(),
            InputGram = Gram(inputs),
            GradientGram = Gram(gradients),
            OutputMeans = Mean(outputs),
            OutputGram = Gram(outputs),
        });
    }
}
