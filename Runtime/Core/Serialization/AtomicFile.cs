namespace KernelGen.Serialization;

/// <summary>Files that are replaced in one step.</summary>
internal static class AtomicFile
{
    /// <summary>
    /// Writes a temporary file in the same folder, flushes it to disk, and moves it over <paramref name="path"/>. Where anything
    /// fails, the temporary file is deleted and an old file stays as it was. A link's target is replaced, not the link, and an
    /// old file's Unix permissions are kept.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="write">Writes the content.</param>
    public static void Write(string path, Action<Stream> write)
    {
        var target = new FileInfo(path);
        if (target.LinkTarget is not null)
        {
            target = (FileInfo)target.ResolveLinkTarget(returnFinalTarget: true)!;
        }

        if (target.Directory is { Exists: false } folder)
        {
            // In the caller's words: what fails below would name the temporary file.
            throw new DirectoryNotFoundException($"{path} can't be written: there is no folder {folder.FullName}.");
        }

        var temporary = $"{target.FullName}.{Guid.NewGuid():N}.tmp";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows() && target.Exists)
        {
            options.UnixCreateMode = target.UnixFileMode;
        }

        var stream = new FileStream(temporary, options);
        try
        {
            using (stream)
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, target.FullName, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }
}
