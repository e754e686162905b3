namespace KernelGen.Formats;

/// <summary>
/// Memory that was given back, for whoever next needs about as much: large arrays that are dropped and made anew bring full garbage collections. It is held
/// weakly: what nobody takes before the next collection goes with it, once nobody has the former owner any more.
/// </summary>
internal static class ReleasedLines
{
    // What is taken may be longer than needed by this share.
    private const double MostWaste = 0.25;

    private static readonly Lock Guard = new();
    private static readonly List<WeakReference<CacheLine[]>> Released = [];

    /// <summary>Gives back what nobody uses any more.</summary>
    /// <param name="lines">A pinned array.</param>
    public static void Add(CacheLine[] lines)
    {
        lock (Guard)
        {
            Released.RemoveAll(reference => !reference.TryGetTarget(out _));
            Released.Add(new WeakReference<CacheLine[]>(lines));
        }
    }

    /// <summary>Takes the shortest array that is long enough, with whatever is in it; null where there is none, or only much longer ones.</summary>
    /// <param name="count">How many lines are needed.</param>
    public static CacheLine[]? Take(int count)
    {
        lock (Guard)
        {
            var (best, at) = ((CacheLine[]?)null, -1);
            for (var i = 0; i < Released.Count; i++)
            {
                if (Released[i].TryGetTarget(out var lines) && lines.Length >= count && lines.Length <= count * (1 + MostWaste) && lines.Length < (best?.Length ?? int.MaxValue))
                {
                    (best, at) = (lines, i);
                }
            }

            if (best is not null)
            {
                Released.RemoveAt(at);
            }

            return best;
        }
    }
}
