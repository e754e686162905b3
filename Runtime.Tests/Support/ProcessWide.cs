using Xunit;

namespace KernelGen.Runtime.Tests;

/// <summary>The collection of tests that change what the whole process sees: the instruction set, the environment, the allocator.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class ProcessWide
{
    public const string Name = "process-wide";
}
