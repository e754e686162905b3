using System.Runtime.CompilerServices;
using KernelGen.Formats;
using Xunit;

namespace KernelGen.Runtime.Tests.Formats;

[Collection(ProcessWide.Name)]
public sealed unsafe class ReleasedLinesTests
{
    // No other test needs as much, or would take it.
    private const long Bytes = 50L << 20;

    [Fact]
    public void Memory_that_was_given_back_is_taken_by_who_needs_about_as_much()
    {
        var first = new AlignedBuffer(Bytes);
        new Span<byte>(first.Pointer, (int)Bytes).Fill(7);
        first.Release();

        Assert.NotSame(first.Owner, new AlignedBuffer(Bytes + (1 << 20)).Owner);
        Assert.NotSame(first.Owner, new AlignedBuffer(Bytes / 2).Owner);
        var second = new AlignedBuffer(Bytes - (5 << 20));
        Assert.Same(first.Owner, second.Owner);
        Assert.Equal(-1, new ReadOnlySpan<byte>(second.Pointer, (int)second.Bytes).IndexOfAnyExcept((byte)0));
        // Once.
        Assert.NotSame(first.Owner, new AlignedBuffer(Bytes).Owner);
    }

    [Fact]
    public void What_nobody_takes_goes_with_the_next_collection()
    {
        var memory = Release();
        for (var i = 0; i < 10 && memory.IsAlive; i++)
        {
            GC.Collect();
        }

        Assert.False(memory.IsAlive);

        [MethodImpl(MethodImplOptions.NoInlining)]
        static WeakReference Release()
        {
            var buffer = new AlignedBuffer(Bytes * 2);
            buffer.Release();
            return new WeakReference(buffer.Owner);
        }
    }
}
