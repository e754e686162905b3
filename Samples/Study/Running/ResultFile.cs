using System.Text;
using System.Text.Json;

namespace Study.Running;

/// <summary>A JSON line for each finished run, in a file that several processes may append to.</summary>
internal sealed class ResultFile(string path)
{
    private static readonly JsonSerializerOptions Options = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, IgnoreReadOnlyProperties = false };

    public string Path { get; } = path;

    /// <summary>Adds a run that has finished: the whole line reaches the disk before this returns, or none of it counts.</summary>
    public void Append(RunResult result)
    {
        using var file = Exclusive(FileMode.OpenOrCreate);

        // A process that was killed may have left half a line: it ends here, and readers pass over it.
        var torn = file.Length > 0 && file.Seek(-1, SeekOrigin.End) >= 0 && file.ReadByte() != '\n';
        file.Seek(0, SeekOrigin.End);
        file.Write(Encoding.UTF8.GetBytes($"{(torn ? "\n" : "")}{JsonSerializer.Serialize(result, Options)}\n"));
        file.Flush(flushToDisk: true);
    }

    /// <summary>All finished runs, in the order they finished; the last of equal ones.</summary>
    public IReadOnlyList<RunResult> Read()
    {
        if (!File.Exists(Path))
        {
            return [];
        }

        using var file = Exclusive(FileMode.Open);
        using var reader = new StreamReader(file);
        var results = new Dictionary<RunKey, RunResult>();
        while (reader.ReadLine() is { } line)
        {
            if (Parse(line) is { } result)
            {
                results[result.Run] = result;
            }
        }

        return [.. results.Values];
    }

    private static RunResult? Parse(string line)
    {
        try
        {
            return line.Length == 0 ? null : JsonSerializer.Deserialize<RunResult>(line, Options);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    // The lock is the system's: it ends with the process, however that ends.
    private FileStream Exclusive(FileMode mode)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                return new FileStream(Path, mode, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException e) when (attempt < 500 && e is not (FileNotFoundException or DirectoryNotFoundException))
            {
                Thread.Sleep(10);
            }
        }
    }
}
