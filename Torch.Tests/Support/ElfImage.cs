using System.Text;

namespace KernelGen.Torch.Tests;

/// <summary>Writes the smallest ELF file with a section of needed versions.</summary>
internal static class ElfImage
{
    private const int Header = 64;
    private const int NeedSize = 16;

    public static byte[] Build(params (string File, string[] Versions)[] needs)
    {
        var strings = new MemoryStream();
        strings.WriteByte(0);
        var entries = new MemoryStream();
        var writer = new BinaryWriter(entries);
        for (var f = 0; f < needs.Length; f++)
        {
            var (file, versions) = needs[f];
            writer.Write((ushort)1);
            writer.Write((ushort)versions.Length);
            writer.Write(Add(strings, file));
            writer.Write(NeedSize);
            writer.Write(f == needs.Length - 1 ? 0 : NeedSize * (1 + versions.Length));
            for (var v = 0; v < versions.Length; v++)
            {
                writer.Write(Hash(versions[v]));
                writer.Write((ushort)0);
                writer.Write((ushort)(v + 2));
                writer.Write(Add(strings, versions[v]));
                writer.Write(v == versions.Length - 1 ? 0 : NeedSize);
            }
        }

        return Assemble(strings.ToArray(), entries.ToArray(), needs.Length);
    }

    private static byte[] Assemble(byte[] strings, byte[] entries, int needs)
    {
        var image = new MemoryStream();
        var writer = new BinaryWriter(image);
        writer.Write([0x7f, (byte)'E', (byte)'L', (byte)'F', 2, 1, 1, .. new byte[0x28 - 7]]);
        writer.Write((ulong)(Header + strings.Length + entries.Length));
        writer.Write(new byte[0x3a - 0x30]);
        writer.Write((ushort)64);
        writer.Write((ushort)3);
        writer.Write((ushort)0);
        writer.Write(strings);
        writer.Write(entries);
        WriteSection(writer, 0, 0, 0, 0, 0);
        WriteSection(writer, 3, Header, strings.Length, 0, 0);
        WriteSection(writer, 0x6ffffffe, Header + strings.Length, entries.Length, 1, needs);
        return image.ToArray();
    }

    private static void WriteSection(BinaryWriter writer, uint type, int offset, int size, int link, int info)
    {
        writer.Write(0);
        writer.Write(type);
        writer.Write(new byte[16]);
        writer.Write((ulong)offset);
        writer.Write((ulong)size);
        writer.Write(link);
        writer.Write(info);
        writer.Write(new byte[16]);
    }

    private static int Add(MemoryStream strings, string text)
    {
        var at = (int)strings.Length;
        strings.Write(Encoding.ASCII.GetBytes(text));
        strings.WriteByte(0);
        return at;
    }

    private static uint Hash(string name)
        => name.Aggregate(0u, (hash, c) =>
        {
            var next = (hash << 4) + c;
            return (next ^ ((next & 0xf0000000) >> 24)) & 0x0fffffff;
        });
}
