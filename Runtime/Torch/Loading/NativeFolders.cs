using System.Reflection;

namespace KernelGen.Torch;

/// <summary>Where the native libraries of TorchSharp and libtorch may lie.</summary>
internal static class NativeFolders
{
    /// <summary>The assembly metadata that names the folder of libtorch's natives.</summary>
    public const string MetadataKey = "KernelGen.LibTorchFolder";

    private static readonly string RuntimeFolder = Path.Combine("runtimes", "linux-x64", "native");

    /// <summary>The existing folders, the likeliest first: the host's own, the application's, TorchSharp's, and the named one.</summary>
    public static IReadOnlyList<string> Find()
    {
        var candidates = new List<string>();
        if (AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") is string searched)
        {
            candidates.AddRange(searched.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries));
        }

        AddWithRuntimes(candidates, AppContext.BaseDirectory);
        AddWithRuntimes(candidates, Path.GetDirectoryName(typeof(TorchSharp.torch).Assembly.Location));
        var named = Assembly.GetEntryAssembly()?.GetCustomAttributes<AssemblyMetadataAttribute>()
            .FirstOrDefault(attribute => attribute.Key == MetadataKey)?.Value;
        candidates.Add(named ?? "");
        return [.. candidates.Where(Directory.Exists).Select(Path.TrimEndingDirectorySeparator).Distinct()];
    }

    /// <summary>The first folder that holds the file, or null.</summary>
    public static string? FirstWith(IEnumerable<string> folders, string file)
        => folders.FirstOrDefault(folder => File.Exists(Path.Combine(folder, file)));

    private static void AddWithRuntimes(List<string> candidates, string? folder)
    {
        // Empty in a single-file application.
        if (!string.IsNullOrEmpty(folder))
        {
            candidates.Add(folder);
            candidates.Add(Path.Combine(folder, RuntimeFolder));
        }
    }
}
