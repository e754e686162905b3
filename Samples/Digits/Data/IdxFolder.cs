using System.Buffers.Binary;
using System.IO.Compression;

namespace Digits.Data;

/// <summary>MNIST-like data in IDX files, gzipped or not: train-images-idx3-ubyte, train-labels-idx1-ubyte, t10k-...</summary>
internal static class IdxFolder
{
    public static ImageSet Load(string folder)
        => new(Path.GetFileName(Path.GetFullPath(folder).TrimEnd(Path.DirectorySeparatorChar)), Part(folder, "train"), Part(folder, "t10k"));

    private static LabelledImages Part(string folder, string prefix)
    {
        var (sizes, pixels) = Read(folder, $"{prefix}-images-idx3-ubyte", dimensions: 3);
        var (_, labels) = Read(folder, $"{prefix}-labels-idx1-ubyte", dimensions: 1);
        if (sizes[0] != labels.Length)
        {
            throw new InvalidDataException($"{folder} has {sizes[0]} {prefix} images but {labels.Length} labels.");
        }

        return new LabelledImages(
            sizes[1] * sizes[2], Array.ConvertAll(pixels, pixel => pixel / 255f), Array.ConvertAll(labels, label => (long)label));
    }

    private static (int[] Sizes, byte[] Data) Read(string folder, string name, int dimensions)
    {
        var path = Path.Combine(folder, name);
        using var stream = Open(path);
        var header = new byte[4 + (4 * dimensions)];
        stream.ReadExactly(header);
        if (BinaryPrimitives.ReadInt32BigEndian(header) != 0x0800 + dimensions)
        {
            throw new InvalidDataException($"{path} is not an IDX file of bytes in {dimensions} dimension(s).");
        }

        var sizes = new int[dimensions];
        for (var i = 0; i < dimensions; i++)
        {
            sizes[i] = BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(4 + (4 * i)));
        }

        var data = new byte[sizes.Aggregate(1, (product, size) => checked(product * size))];
        stream.ReadExactly(data);
        return (sizes, data);
    }

    private static Stream Open(string path)
    {
        if (File.Exists(path))
        {
            return File.OpenRead(path);
        }

        return File.Exists(path + ".gz")
            ? new GZipStream(File.OpenRead(path + ".gz"), CompressionMode.Decompress)
            : throw new FileNotFoundException($"There is no {path}, nor {path}.gz. Debian's package dataset-fashion-mnist installs such files.");
    }
}
