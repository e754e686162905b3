namespace KernelGen.Pruning;

/// <summary>
/// Columns in groups, and the gain of every pair of groups. A round exchanges columns in the pairs that gain most, each group in one
/// pair at most; a descent goes round by round until no pair gains.
/// </summary>
internal sealed class GroupExchange
{
    // Below this part of all that is kept a gain may be rounding.
    private const double Least = 1e-7;

    private readonly ColumnScores _scores;
    private readonly int _n;
    private readonly int[][] _groups;
    private readonly double[] _gains;
    private readonly HashSet<int> _stale;

    /// <summary>Begins with groups of consecutive columns; the last may be cut.</summary>
    public GroupExchange(ColumnScores scores, int columns, int n, int m)
    {
        _scores = scores;
        _n = n;
        _groups = [.. Enumerable.Range(0, columns).Chunk(m)];
        _gains = new double[_groups.Length * _groups.Length];
        _stale = [.. Enumerable.Range(0, _groups.Length)];
        Kept = _groups.Sum(group => scores.Kept(group, n));
    }

    private GroupExchange(GroupExchange other)
    {
        _scores = other._scores;
        _n = other._n;
        _groups = [.. other._groups];
        _gains = [.. other._gains];
        _stale = [.. other._stale];
        Kept = other.Kept;
    }

    /// <summary>The scores that the groups keep.</summary>
    public double Kept { get; private set; }

    /// <summary>The columns in order: within a group ascending, groups by their first, a cut one last.</summary>
    public int[] Order =>
    [
        .. _groups.Select(group => group.Order().ToArray())
            .OrderBy(group => group.Length < _groups[0].Length).ThenBy(group => group[0])
            .SelectMany(group => group),
    ];

    public GroupExchange Copy() => new(this);

    /// <summary>Descends to a local optimum.</summary>
    public void Descend(Action<double> report, CancellationToken cancellation)
    {
        do
        {
            Refresh(cancellation);
            report(Kept);
        }
        while (Round());
    }

    /// <summary>Exchanges random columns of random groups, at most a few.</summary>
    public void Shake(Random random)
    {
        const int Exchanges = 4;
        for (var i = 0; i < Exchanges; i++)
        {
            var (a, b) = (random.Next(_groups.Length), random.Next(_groups.Length));
            if (a == b)
            {
                continue;
            }

            int[] first = [.. _groups[a]];
            int[] second = [.. _groups[b]];
            var (from, to) = (random.Next(first.Length), random.Next(second.Length));
            (first[from], second[to]) = (second[to], first[from]);
            Replace(a, first, b, second);
        }
    }

    /// <summary>Finds the gains anew of all pairs with a group that changed.</summary>
    private void Refresh(CancellationToken cancellation)
    {
        var pairs = new List<(int A, int B)>();
        for (var a = 0; a < _groups.Length; a++)
        {
            for (var b = a + 1; b < _groups.Length; b++)
            {
                if (_stale.Contains(a) || _stale.Contains(b))
                {
                    pairs.Add((a, b));
                }
            }
        }

        // Each pair writes one place of its own, so the result doesn't depend on the threads.
        Parallel.ForEach(pairs, new ParallelOptions { CancellationToken = cancellation }, pair =>
            _gains[(pair.A * _groups.Length) + pair.B] = GroupPair.Best(_scores, _groups[pair.A], _groups[pair.B], _n).Gain);
        _stale.Clear();
    }

    private bool Round()
    {
        var least = Least * Math.Abs(Kept);
        var best = Enumerable.Range(0, _gains.Length).Where(pair => _gains[pair] > least).OrderByDescending(pair => _gains[pair]).ThenBy(pair => pair);
        foreach (var pair in best.ToArray())
        {
            var (a, b) = Math.DivRem(pair, _groups.Length);
            if (!_stale.Contains(a) && !_stale.Contains(b))
            {
                var (_, first, second) = GroupPair.Best(_scores, _groups[a], _groups[b], _n);
                Replace(a, first, b, second);
            }
        }

        return _stale.Count > 0;
    }

    private void Replace(int a, int[] first, int b, int[] second)
    {
        Kept += _scores.Kept(first, _n) + _scores.Kept(second, _n) - _scores.Kept(_groups[a], _n) - _scores.Kept(_groups[b], _n);
        (_groups[a], _groups[b]) = (first, second);
        _stale.Add(a);
        _stale.Add(b);
    }
}
