using System.Buffers.Binary;
using System.Text;

namespace KernelGen.Torch.Tests.Loading;

public sealed class ElfVersionNeedsTests
{
    private const string Version = "GLIBCXX_3.4.32";

    private static readonly string BindingPath = Path.Combine(
        NativeFolders.FirstWith(NativeFolders.Find(), LibTorch.Binding)!, LibTorch.Binding);

    [Fact]
    public void Exactly_one_flag_of_the_real_library_changes()
    {
        var image = File.ReadAllBytes(BindingPath);

        var patched = ElfVersionNeeds.MarkWeak(image, BindingPath, Version);

        Assert.Equal(image.Length, patched.Length);
        var changed = Assert.Single(Enumerable.Range(0, image.Length), i => image[i] != patched[i]);
        Assert.Equal(image[changed] | 2, patched[changed]);
        // The flags follow the hash of the version's name.
        Assert.Equal(ElfHash(Version), BinaryPrimitives.ReadUInt32LittleEndian(image.AsSpan(changed - 4)));
    }

    [Fact]
    public void A_synthetic_library_is_read_entry_by_entry()
    {
        var image = ElfImage.Build(("libc.so.6", ["GLIBC_2.2.5", "GLIBC_2.34"]), ("libstdc++.so.6", ["CXXABI_1.3", Version, "GLIBCXX_3.4"]));

        var patched = ElfVersionNeeds.MarkWeak(image, "synthetic", Version);

        var changed = Assert.Single(Enumerable.Range(0, image.Length), i => image[i] != patched[i]);
        Assert.Equal(ElfHash(Version), BinaryPrimitives.ReadUInt32LittleEndian(image.AsSpan(changed - 4)));
    }

    [Fact]
    public void A_version_that_is_not_needed_once_is_an_error()
    {
        var without = ElfImage.Build(("libc.so.6", ["GLIBC_2.2.5"]));
        var twice = ElfImage.Build(("libstdc++.so.6", [Version, Version]));

        Assert.Contains("0 entries", Rejected(without).Message, StringComparison.Ordinal);
        Assert.Contains("2 entries", Rejected(twice).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_no_library_is_an_error_that_names_it()
    {
        Assert.Contains("broken.so", Rejected([]).Message, StringComparison.Ordinal);
        Assert.Contains("broken.so", Rejected(Encoding.ASCII.GetBytes("#!/bin/sh")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_cut_is_an_error()
    {
        var image = ElfImage.Build(("libstdc++.so.6", ["CXXABI_1.3", Version]));
        for (var length = 0; length < image.Length; length++)
        {
            Rejected(image[..length]);
        }
    }

    [Fact]
    public void Damage_never_escapes_as_another_error()
    {
        var image = ElfImage.Build(("libc.so.6", ["GLIBC_2.34"]), ("libstdc++.so.6", ["CXXABI_1.3", Version]));
        byte[] values = [0x00, 0x01, 0x7f, 0x80, 0xff];
        for (var i = 0; i < image.Length; i++)
        {
            foreach (var value in values)
            {
                var damaged = image.ToArray();
                damaged[i] = value;
                // Some damage is harmless; all other must be reported as what it is.
                var error = Record.Exception(() => ElfVersionNeeds.MarkWeak(damaged, "broken.so", Version));
                Assert.True(error is null or BadImageFormatException, $"Byte {i} = {value}: {error}");
            }
        }
    }

    private static BadImageFormatException Rejected(byte[] image)
        => Assert.Throws<BadImageFormatException>(() => ElfVersionNeeds.MarkWeak(image, "broken.so", Version));

    // System V ABI, figure 5-13.
    private static uint ElfHash(string name)
    {
        uint hash = 0;
        foreach (var c in name)
        {
            hash = (hash << 4) + c;
            var high = hash & 0xf0000000;
            hash = (hash ^ (high >> 24)) & ~high;
        }

        return hash;
    }
}
