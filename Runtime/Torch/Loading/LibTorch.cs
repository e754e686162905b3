using System.Runtime.InteropServices;

namespace KernelGen.Torch;

/// <summary>Makes libtorch loadable where TorchSharp's own loader fails.</summary>
public static class LibTorch
{
    /// <summary>The binding between TorchSharp and libtorch.</summary>
    internal const string Binding = "libLibTorchSharp.so";

    // In the order in which they need each other.
    private static readonly string[] Libraries = ["libc10.so", "libtorch_cpu.so", "libtorch.so"];

    private static readonly Lock Gate = new();
    private static bool _done;

    /// <summary>
    /// Loads libtorch on Linux x64, also on hosts whose libstdc++ is older than GCC 13's (Debian 12, Ubuntu 22.04) and from folders
    /// that TorchSharp doesn't look into. On other platforms it does nothing.
    /// </summary>
    /// <remarks>
    /// <see cref="SparseModule"/> calls it. A program that touches <c>torch</c> earlier calls it first thing in its Main: once
    /// TorchSharp's own loader has failed, it fails for the rest of the process. It may be called often and from any thread.
    /// </remarks>
    /// <exception cref="DllNotFoundException">The natives are not there, or one of them can't be loaded.</exception>
    /// <exception cref="BadImageFormatException">TorchSharp's native library is damaged.</exception>
    public static void EnsureLoadable()
    {
        if (Volatile.Read(ref _done))
        {
            return;
        }

        lock (Gate)
        {
            if (!_done && OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture == Architecture.X64)
            {
                Load();
            }

            Volatile.Write(ref _done, true);
        }
    }

    private static void Load()
    {
        // Somebody loaded it by hand, or the system's search path has it.
        if (NativeLibrary.TryLoad(Binding, out _))
        {
            return;
        }

        var folders = NativeFolders.Find();
        var libtorch = NativeFolders.FirstWith(folders, Libraries[1]);
        var binding = NativeFolders.FirstWith(folders, Binding);
        if (libtorch is null || binding is null)
        {
            // TorchSharp knows further places, but a binding that it finds there can't be loaded on an old host.
            if (HostLibStdCxx.HasMarker())
            {
                return;
            }

            throw NotFound(libtorch is null ? Libraries[1] : Binding, folders);
        }

        foreach (var library in Libraries)
        {
            NativeLibrary.Load(Path.Combine(libtorch, library));
        }

        LoadBinding(Path.Combine(binding, Binding));
    }

    private static void LoadBinding(string path)
    {
        if (HostLibStdCxx.HasMarker())
        {
            NativeLibrary.Load(path);
            return;
        }

        var patched = ElfVersionNeeds.MarkWeak(File.ReadAllBytes(path), path, HostLibStdCxx.MarkerVersion);
        using var copy = LibraryCopy.Store(patched, Binding);
        NativeLibrary.Load(copy.Path);
    }

    private static DllNotFoundException NotFound(string file, IReadOnlyList<string> folders)
        => new(
            $"libtorch was not found: no folder holds {file}. Add the package libtorch-cpu-linux-x64 (or TorchSharp-cpu, or a " +
            $"CUDA package) to the application, in the version that its TorchSharp asks for, or name the folder in the entry " +
            $"assembly's metadata \"{NativeFolders.MetadataKey}\". Looked in: {string.Join(", ", folders)}.");
}
