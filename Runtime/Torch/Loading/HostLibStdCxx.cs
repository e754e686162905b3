using System.Runtime.InteropServices;

namespace KernelGen.Torch;

/// <summary>Asks the host's libstdc++ for the one symbol that TorchSharp's native library wants and older hosts lack.</summary>
/// <remarks>
/// The symbol is a marker that GCC 13's headers refer to and nothing calls, so a library that is loaded without it works.
/// </remarks>
internal static partial class HostLibStdCxx
{
    /// <summary>The symbol version that came with GCC 13.</summary>
    public const string MarkerVersion = "GLIBCXX_3.4.32";

    private const string Marker = "_ZSt21ios_base_library_initv";

    /// <summary>Whether the host has the marker; also true where nobody can tell, so that nothing is changed there.</summary>
    public static bool HasMarker()
    {
        if (!NativeLibrary.TryLoad("libstdc++.so.6", out var library))
        {
            return true;
        }

        try
        {
            return FindVersioned(library, Marker, MarkerVersion) != 0;
        }
        catch (Exception e) when (e is EntryPointNotFoundException or DllNotFoundException)
        {
            return true;
        }
    }

    [LibraryImport("libc.so.6", EntryPoint = "dlvsym", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint FindVersioned(nint library, string symbol, string version);
}
