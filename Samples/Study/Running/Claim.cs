namespace Study.Running;

/// <summary>The right to work on a run, which one process has at a time. The system takes it back where the process ends, however that happens.</summary>
internal sealed class Claim : IDisposable
{
    // What the system says of a file that another has locked: EAGAIN of Linux and of macOS, and Windows' ERROR_SHARING_VIOLATION.
    private static readonly int[] Locked = [11, 35, unchecked((int)0x80070020)];
    private readonly FileStream _file;

    private Claim(FileStream file) => _file = file;

    /// <summary>Claims a run.</summary>
    /// <param name="folder">Where claims are files; it exists.</param>
    /// <param name="run">The run.</param>
    /// <returns>The claim; null where another process has it.</returns>
    public static Claim? Try(string folder, RunKey run)
    {
        try
        {
            // The file stays when the claim ends: whoever deleted it could take another's claim along.
            return new Claim(new FileStream(Path.Combine(folder, $"{run.Id}.claim"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException e) when (Locked.Contains(e.HResult))
        {
            return null;
        }
    }

    public void Dispose() => _file.Dispose();
}
