using System.IO.Compression;
using System.Reflection;
using System.Xml.Linq;
using KernelGen.Generator.Tests.Support;

namespace KernelGen.Torch.Tests.Packaging;

/// <summary>The packages, as a project sees them that knows nothing of this repository.</summary>
[Trait("Category", "Slow")]
[Collection(nameof(PackageFeed))]
public sealed class PackageConsumerTests(PackageFeed feed)
{
    private const string Strict = "<PropertyGroup><TreatWarningsAsErrors>true</TreatWarningsAsErrors></PropertyGroup>";

    [Fact]
    public void The_main_package_holds_annotations_generator_runtime_and_the_pages_of_diagnostics()
    {
        using var package = ZipFile.OpenRead(feed.FileOf("KernelGen"));

        Assert.Equal(
            [
                "LICENSE",
                "PACKAGE.md",
                "analyzers/dotnet/cs/KernelGen.Generator.dll",
                "build/net10.0/KernelGen.props",
                .. DiagnosticPage.All.Select(page => $"docs/diagnostics/{page.Id}.md"),
                "docs/diagnostics/README.md",
                "lib/net10.0/KernelGen.Annotations.dll",
                "lib/net10.0/KernelGen.Annotations.xml",
                "lib/net10.0/KernelGen.Runtime.dll",
                "lib/net10.0/KernelGen.Runtime.xml",
            ],
            Content(package));
        Assert.Empty(Dependencies(package));
    }

    [Fact]
    public void The_torch_package_holds_no_natives_and_brings_the_main_one_with_its_generator()
    {
        using var package = ZipFile.OpenRead(feed.FileOf("KernelGen.Torch"));

        Assert.Equal(
            ["LICENSE", "PACKAGE.md", "buildTransitive/net10.0/KernelGen.Torch.props", "lib/net10.0/KernelGen.Torch.dll", "lib/net10.0/KernelGen.Torch.xml"],
            Content(package));
        var dependencies = Dependencies(package);
        Assert.Equal(["KernelGen", "System.IO.Hashing", "TorchSharp"], dependencies.Select(dependency => dependency.Attribute("id")!.Value));
        Assert.Equal(feed.Version, dependencies[0].Attribute("version")!.Value);
        Assert.Equal("All", dependencies[0].Attribute("include")!.Value);
    }

    [Fact]
    public async Task A_project_outside_the_repository_runs_its_model()
    {
        var folder = feed.CreateProgram("KernelGen", "InferenceConsumer", Strict);

        Assert.Equal("agrees", await RunConsumer(folder));
    }

    [Fact]
    public async Task A_project_of_an_older_framework_is_told_so_by_its_restore()
    {
        var folder = feed.CreateProject("KernelGen", "OlderFramework", "<PropertyGroup><TargetFramework>net9.0</TargetFramework></PropertyGroup>");

        var (exitCode, output, _) = await DotNet.Try(folder, "restore");

        Assert.NotEqual(0, exitCode);
        Assert.Contains("NU1202", output, StringComparison.Ordinal);
        Assert.Contains("net10.0", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_project_with_the_torch_package_alone_trains_prunes_and_runs_its_model()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The repository brings natives for Linux only.");
        var natives = typeof(PackageConsumerTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(attribute => attribute.Key == NativeFolders.MetadataKey).Value;
        var folder = feed.CreateProgram(
            "KernelGen.Torch",
            "TrainingConsumer",
            $"""{Strict}<ItemGroup><AssemblyMetadata Include="{NativeFolders.MetadataKey}" Value="{natives}" /></ItemGroup>""");

        Assert.Equal("agrees", await RunConsumer(folder));

        // TorchSharp doesn't bear them.
        var settings = await File.ReadAllTextAsync(Path.Combine(folder, "bin", "Release", "net10.0", "Consumer.runtimeconfig.json"), TestContext.Current.CancellationToken);
        Assert.Contains("\"System.GC.Concurrent\": false", settings, StringComparison.Ordinal);
    }

    private static async Task<string> RunConsumer(string folder)
    {
        await DotNet.Run(folder, "build", "-c", "Release", "-m:1");
        return (await DotNet.Run(folder, Path.Combine("bin", "Release", "net10.0", "Consumer.dll"))).Trim();
    }

    // Without what the package format itself adds.
    private static IEnumerable<string> Content(ZipArchive package)
        => package.Entries.Select(entry => entry.FullName)
            .Where(name => !name.StartsWith("_rels/", StringComparison.Ordinal)
                && !name.StartsWith("package/", StringComparison.Ordinal)
                && name != "[Content_Types].xml"
                && !name.EndsWith(".nuspec", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal);

    private static List<XElement> Dependencies(ZipArchive package)
    {
        using var nuspec = package.Entries.Single(entry => entry.FullName.EndsWith(".nuspec", StringComparison.Ordinal)).Open();
        return [.. XDocument.Load(nuspec).Descendants().Where(element => element.Name.LocalName == "dependency")];
    }
}
