using System.Security.Cryptography;

namespace KernelGen.Torch;

/// <summary>A library's changed copy on disk, ready to be loaded.</summary>
internal sealed class LibraryCopy : IDisposable
{
    private readonly string? _temporaryFolder;

    private LibraryCopy(string path, string? temporaryFolder)
    {
        Path = path;
        _temporaryFolder = temporaryFolder;
    }

    /// <summary>The file's full path.</summary>
    public string Path { get; }

    /// <summary>
    /// Finds or writes the copy in the user's cache, in a folder named by the content's hash; where the cache can't be written,
    /// in a private temporary folder that goes with this object (a library stays loaded without its file).
    /// </summary>
    public static LibraryCopy Store(ReadOnlySpan<byte> content, string fileName)
    {
        var data = Environment.GetFolderPath(
            Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
        if (data.Length > 0)
        {
            try
            {
                return new LibraryCopy(Store(content, fileName, System.IO.Path.Combine(data, "KernelGen", "native")), null);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // A read-only or full home: below is another way.
            }
        }

        var folder = Directory.CreateTempSubdirectory("kernelgen-").FullName;
        return new LibraryCopy(Store(content, fileName, folder), folder);
    }

    /// <summary>Finds or writes the copy under a cache folder and returns its path.</summary>
    /// <remarks>Processes may race: each writes a file of its own and moves it into place in one step.</remarks>
    public static string Store(ReadOnlySpan<byte> content, string fileName, string cache)
    {
        var folder = System.IO.Path.Combine(cache, Convert.ToHexStringLower(SHA256.HashData(content))[..16]);
        var path = System.IO.Path.Combine(folder, fileName);
        if (!File.Exists(path) || !content.SequenceEqual(File.ReadAllBytes(path)))
        {
            Directory.CreateDirectory(folder);
            var partial = System.IO.Path.Combine(folder, System.IO.Path.GetRandomFileName());
            try
            {
                File.WriteAllBytes(partial, content);
                File.Move(partial, path, overwrite: true);
            }
            finally
            {
                File.Delete(partial);
            }
        }

        return path;
    }

    /// <summary>Removes the temporary folder, where there is one.</summary>
    public void Dispose()
    {
        if (_temporaryFolder is not null)
        {
            Directory.Delete(_temporaryFolder, recursive: true);
        }
    }
}
