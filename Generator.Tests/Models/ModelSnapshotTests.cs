using KernelGen.Generator.Tests.Support;

namespace KernelGen.Generator.Tests.Models;

public sealed class ModelSnapshotTests
{
    [Fact]
    public void Full() => Check(nameof(Full), Programs.Full);

    [Fact]
    public void Growing() => Check(nameof(Growing), Programs.Growing);

    [Fact]
    public void Choosing() => Check(nameof(Choosing), Programs.Choosing);

    [Fact]
    public void NestedGeneric() => Check(nameof(NestedGeneric), Programs.NestedGeneric);

    [Fact]
    public void KeywordNames() => Check(nameof(KeywordNames), Programs.KeywordNames);

    [Fact]
    public void GlobalNamespace() => Check(nameof(GlobalNamespace), Programs.GlobalNamespace);

    [Fact]
    public void Stub()
        => Snapshot.Match(GeneratorRun.Of(Programs.Broken).ModelFile, nameof(ModelSnapshotTests), nameof(Stub));

    private static void Check(string name, string program)
    {
        var run = GeneratorRun.Of(program);
        run.AssertCompiles();
        Snapshot.Match(run.ModelFile, nameof(ModelSnapshotTests), name);
    }
}
