using System.Text.Json;
using KernelGen.Benchmarks.Machine;
using KernelGen.Serialization;

namespace KernelGen.Benchmarks.Kernels;

/// <summary>The file of a run: where it was measured, against which limits, and what.</summary>
/// <param name="Machine">The machine.</param>
/// <param name="Rounds">Turns of each contestant.</param>
/// <param name="Missing">Peers that the machine lacks.</param>
/// <param name="Roofline">The machine's limits, measured at the start.</param>
/// <param name="Results">The cases that are done.</param>
internal sealed record KernelResults(
    MachineInfo Machine, int Rounds, IReadOnlyList<string> Missing, Roofline Roofline, IReadOnlyList<KernelResult> Results)
{
    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    /// <exception cref="InvalidDataException">The file holds no results.</exception>
    public static KernelResults Load(FileInfo file)
    {
        try
        {
            using var stream = file.OpenRead();
            return JsonSerializer.Deserialize<KernelResults>(stream, Json) is { Machine: not null, Roofline: not null, Results: not null } results
                ? results
                : throw new InvalidDataException($"{file} holds no results of 'kernels': it lacks machine, roofline or results.");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{file} holds no results of 'kernels': {e.Message}", e);
        }
    }

    /// <summary>These results and one more, in place of an older one of the same case.</summary>
    public KernelResults With(KernelResult result)
        => this with { Results = [.. Results.Where(other => other.Id != result.Id), result] };

    /// <summary>Replaces the file in one step: an interrupted run leaves the results so far.</summary>
    public void Save(FileInfo file)
    {
        file.Directory?.Create();
        AtomicFile.Write(file.FullName, stream => JsonSerializer.Serialize(stream, this, Json));
    }

    /// <summary>Why a run can't go on with these results, with the remedy; null where it can.</summary>
    public string? Unlike(MachineInfo machine, int rounds, IReadOnlyList<string> missing)
        => Machine != machine ? $"it was measured on {Machine}, and this is {machine}"
            : Rounds != rounds ? $"it has {Rounds} rounds a case, and this run {rounds}: add --rounds {Rounds}"
            : !Missing.SequenceEqual(missing) ? $"it lacks the peers [{string.Join(", ", Missing)}], and this run [{string.Join(", ", missing)}]"
            : null;
}
