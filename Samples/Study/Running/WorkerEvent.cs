using System.Globalization;

namespace Study.Running;

/// <summary>What a worker tells, also as a line between processes.</summary>
/// <param name="Id">The run's.</param>
/// <param name="Share">How much of it is done.</param>
/// <param name="Finished">Whether its result is in the file.</param>
/// <param name="Failure">Why it ended without one; empty where it didn't.</param>
internal sealed record WorkerEvent(string Id, double Share, bool Finished = false, string Failure = "")
{
    private const string Mark = "@run";

    public string ToLine() => string.Create(CultureInfo.InvariantCulture, $"{Mark}\t{Id}\t{Share:R}\t{Finished}\t{Failure.ReplaceLineEndings(" ").Replace('\t', ' ')}");

    /// <summary>Reads a line; null where it is something else.</summary>
    public static WorkerEvent? Parse(string line)
        => line.Split('\t') is [Mark, var id, var share, var finished, var failure]
            ? new WorkerEvent(id, double.Parse(share, CultureInfo.InvariantCulture), bool.Parse(finished), failure)
            : null;
}
