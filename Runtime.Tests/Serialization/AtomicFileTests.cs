using System.Runtime.Versioning;
using KernelGen.Serialization;
using Xunit;

namespace KernelGen.Runtime.Tests.Serialization;

public sealed class AtomicFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("kernelgen").FullName;

    private string Target => Path.Combine(_folder, "model.safetensors");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_new_file_is_written()
    {
        AtomicFile.Write(Target, stream => stream.Write("new"u8));
        AssertOnly("new");
    }

    [Fact]
    public void An_old_file_is_replaced_only_when_the_new_one_is_complete()
    {
        File.WriteAllText(Target, "old");
        AtomicFile.Write(Target, stream =>
        {
            stream.Write("new"u8);
            stream.Flush();
            Assert.Equal("old", File.ReadAllText(Target));
        });
        AssertOnly("new");
    }

    [Fact]
    public void A_writer_that_fails_leaves_the_old_file_and_nothing_else()
    {
        File.WriteAllText(Target, "old");
        var error = Assert.Throws<InvalidOperationException>(() => AtomicFile.Write(Target, stream =>
        {
            stream.Write("half"u8);
            throw new InvalidOperationException("enough");
        }));
        Assert.Equal("enough", error.Message);
        AssertOnly("old");
    }

    [Fact]
    public void A_move_that_fails_leaves_nothing()
    {
        Directory.CreateDirectory(Target);
        Assert.ThrowsAny<Exception>(() => AtomicFile.Write(Target, stream => stream.Write("new"u8)));
        Assert.Equal([Target], Directory.GetFileSystemEntries(_folder));
    }

    [Fact]
    public void A_missing_folder_is_reported_with_the_path_that_was_asked_for()
    {
        var path = Path.Combine(_folder, "no", "model");
        var error = Assert.Throws<DirectoryNotFoundException>(() => AtomicFile.Write(path, _ => { }));
        Assert.Equal($"{path} can't be written: there is no folder {Path.Combine(_folder, "no")}.", error.Message);
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public void A_link_stays_and_permissions_stay()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links and permissions work differently there.");
        var real = Path.Combine(_folder, "real");
        File.WriteAllText(real, "old");
        File.SetUnixFileMode(real, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.CreateSymbolicLink(Target, real);

        AtomicFile.Write(Target, stream => stream.Write("new"u8));

        Assert.Equal("new", File.ReadAllText(real));
        Assert.Equal(real, new FileInfo(Target).LinkTarget);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(real));
    }

    private void AssertOnly(string content)
    {
        Assert.Equal([Target], Directory.GetFileSystemEntries(_folder));
        Assert.Equal(content, File.ReadAllText(Target));
    }
}
