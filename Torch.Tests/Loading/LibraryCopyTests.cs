namespace KernelGen.Torch.Tests.Loading;

public sealed class LibraryCopyTests : IDisposable
{
    private readonly string _cache = Directory.CreateTempSubdirectory("kernelgen-tests-").FullName;

    public void Dispose() => Directory.Delete(_cache, recursive: true);

    [Fact]
    public void Equal_content_is_written_once_and_other_content_elsewhere()
    {
        var first = LibraryCopy.Store([1, 2, 3], "lib.so", _cache);
        var written = File.GetLastWriteTimeUtc(first);

        Assert.Equal(first, LibraryCopy.Store([1, 2, 3], "lib.so", _cache));
        Assert.Equal(written, File.GetLastWriteTimeUtc(first));
        Assert.NotEqual(first, LibraryCopy.Store([1, 2, 4], "lib.so", _cache));
    }

    [Fact]
    public void A_damaged_copy_is_replaced()
    {
        var path = LibraryCopy.Store([1, 2, 3], "lib.so", _cache);
        File.WriteAllBytes(path, [9]);

        LibraryCopy.Store([1, 2, 3], "lib.so", _cache);

        Assert.Equal([1, 2, 3], File.ReadAllBytes(path));
    }

    [Fact]
    public void Racing_writers_leave_one_whole_file()
    {
        byte[] content = [.. Enumerable.Range(0, 1 << 20).Select(i => (byte)(i * 7))];
        var paths = new string[16];

        Parallel.For(0, paths.Length, i => paths[i] = LibraryCopy.Store(content, "lib.so", _cache));

        var path = Assert.Single(paths.Distinct());
        Assert.Equal(content, File.ReadAllBytes(path));
        Assert.Equal([path], Directory.GetFiles(_cache, "*", SearchOption.AllDirectories));
    }
}
