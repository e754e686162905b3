using System.Runtime.InteropServices;

namespace KernelGen.Formats;

/// <summary>As many bytes as processors move at a time.</summary>
[StructLayout(LayoutKind.Sequential, Size = AlignedBuffer.Alignment)]
internal struct CacheLine;
