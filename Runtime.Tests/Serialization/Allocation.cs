using KernelGen.Serialization;
using Xunit;

namespace KernelGen.Runtime.Tests.Serialization;

/// <summary>Checks that bad files are refused cleanly and cheaply.</summary>
internal static class Allocation
{
    /// <summary>Bytes that a small file may cost: the reader's buffers and a message.</summary>
    private const long Most = 1 << 20;

    public static void AssertRejected(byte[] file, ModelDescriptor model, string problem)
    {
        var error = TryRead(file, model);
        Assert.NotNull(error);
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
    }

    /// <summary>Reads a file; returns the error if it is refused, and lets any other exception through.</summary>
    public static InvalidDataException? TryRead(byte[] file, ModelDescriptor model)
    {
        InvalidDataException? error = null;
        using var stream = new TrickleStream(file);
        var before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            ModelFile.Read(stream, model);
        }
        catch (InvalidDataException e)
        {
            error = e;
        }

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, Most);
        return error;
    }
}
