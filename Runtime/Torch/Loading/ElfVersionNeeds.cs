using System.Buffers.Binary;
using System.Text;

namespace KernelGen.Torch;

/// <summary>
/// Edits the symbol versions that an ELF library needs from others (section type SHT_GNU_verneed; Linux Standard Base Core 5.0,
/// "Symbol Versioning").
/// </summary>
internal static class ElfVersionNeeds
{
    private const uint VersionNeedsSection = 0x6ffffffe;
    private const ushort WeakFlag = 2;
    private const int SectionHeaderSize = 64;

    /// <summary>Returns a copy in which the loader only asks for the given version, but doesn't insist on it.</summary>
    /// <param name="image">A 64-bit little-endian ELF library.</param>
    /// <param name="name">What errors call it.</param>
    /// <param name="version">The version to mark as weak, such as "GLIBCXX_3.4.32".</param>
    /// <exception cref="BadImageFormatException">It is no such library, it is damaged, or it doesn't need the version exactly once.</exception>
    public static byte[] MarkWeak(ReadOnlySpan<byte> image, string name, string version)
    {
        var copy = image.ToArray();
        try
        {
            if (!image.StartsWith("\u007fELF"u8) || image[4..6] is not [2, 1] || U16(image, 0x3a) != SectionHeaderSize)
            {
                throw new BadImageFormatException($"{name}: not a 64-bit little-endian ELF file.");
            }

            var marked = MarkWeak(copy, Encoding.ASCII.GetBytes(version));
            return marked == 1
                ? copy
                : throw new BadImageFormatException($"{name}: {marked} entries need {version}, where 1 was expected.");
        }
        catch (Exception e) when (e is ArgumentOutOfRangeException or OverflowException)
        {
            throw new BadImageFormatException($"{name}: the ELF file is cut off or damaged.", e);
        }
    }

    // Every offset comes from the file: slices check it, and checked arithmetic keeps a huge one from wrapping round.
    private static int MarkWeak(Span<byte> image, ReadOnlySpan<byte> version)
    {
        var sections = Offset(U64(image, 0x28));
        int count = U16(image, 0x3c);
        var marked = 0;
        for (var i = 0; i < count; i++)
        {
            var section = SectionHeader(image, sections, i);
            if (U32(section, 4) == VersionNeedsSection)
            {
                var strings = Content(image, SectionHeader(image, sections, Offset(U32(section, 40))));
                marked += MarkSection(Content(image, section), Offset(U32(section, 44)), strings, version);
            }
        }

        return marked;
    }

    /// <summary>Walks the needed files and, in each, the needed versions; both are linked lists of relative offsets.</summary>
    private static int MarkSection(Span<byte> needs, int files, ReadOnlySpan<byte> strings, ReadOnlySpan<byte> version)
    {
        var marked = 0;
        for (int file = 0, at = 0; file < files; file++)
        {
            int versions = U16(needs, at + 2);
            var entry = checked(at + Offset(U32(needs, at + 8)));
            for (var k = 0; k < versions; k++)
            {
                if (StringAt(strings, Offset(U32(needs, entry + 8))).SequenceEqual(version))
                {
                    var flags = (ushort)(U16(needs, entry + 4) | WeakFlag);
                    BinaryPrimitives.WriteUInt16LittleEndian(needs.Slice(entry + 4, 2), flags);
                    marked++;
                }

                entry = Next(entry, U32(needs, entry + 12), isLast: k == versions - 1);
            }

            at = Next(at, U32(needs, at + 12), isLast: file == files - 1);
        }

        return marked;
    }

    // A list that stands still before its end would be walked for ever.
    private static int Next(int at, uint step, bool isLast)
        => step != 0 || isLast ? checked(at + Offset(step)) : throw new OverflowException("A list ends before its count.");

    private static Span<byte> SectionHeader(Span<byte> image, int sections, int index)
        => image.Slice(checked(sections + (index * SectionHeaderSize)), SectionHeaderSize);

    private static Span<byte> Content(Span<byte> image, ReadOnlySpan<byte> section)
        => image.Slice(Offset(U64(section, 24)), Offset(U64(section, 32)));

    private static ReadOnlySpan<byte> StringAt(ReadOnlySpan<byte> strings, int offset)
    {
        var rest = strings[offset..];
        var end = rest.IndexOf((byte)0);
        return end < 0 ? rest : rest[..end];
    }

    private static int Offset(ulong value) => checked((int)value);

    private static ushort U16(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes.Slice(at, 2));

    private static uint U32(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes.Slice(at, 4));

    private static ulong U64(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt64LittleEndian(bytes.Slice(at, 8));
}
