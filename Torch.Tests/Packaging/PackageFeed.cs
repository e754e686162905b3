namespace KernelGen.Torch.Tests.Packaging;

/// <summary>A folder, outside the repository, with both packages and the projects that use them.</summary>
[CollectionDefinition(nameof(PackageFeed))]
public sealed class PackageFeed : IAsyncLifetime, ICollectionFixture<PackageFeed>
{
    private static readonly string Repository = FindRepository();

    // Unlike any version in a cache or at a source.
    private readonly string _suffix = Guid.NewGuid().ToString("N")[..12];

    /// <summary>The packages' version, which exists nowhere else.</summary>
    public string Version => $"0.0.1-consumer.x{_suffix}";

    /// <summary>Where everything lies.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("kernelgen-consumer-").FullName;

    /// <summary>A package's file.</summary>
    public string FileOf(string package) => Path.Combine(Folder, "feed", $"{package}.{Version}.nupkg");

    /// <summary>Packs both, with outputs of their own: the repository's stay as they are.</summary>
    public async ValueTask InitializeAsync()
    {
        foreach (var project in new[] { "Runtime/Core", "Runtime/Torch" })
        {
            await DotNet.Run(
                Repository, "pack", project, "-c", "Release", "-m:1", $"-p:Version={Version}",
                "--artifacts-path", Path.Combine(Folder, "artifacts"), "-o", Path.Combine(Folder, "feed"));
        }

        // Its own packages folder; what the machine has already, such as TorchSharp, is read from where it lies.
        var machine = Environment.GetEnvironmentVariable("NUGET_PACKAGES")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        File.WriteAllText(Path.Combine(Folder, "nuget.config"), $"""
            <configuration>
              <config>
                <add key="globalPackagesFolder" value="{Path.Combine(Folder, "packages")}" />
              </config>
              <packageSources>
                <add key="local" value="{Path.Combine(Folder, "feed")}" />
              </packageSources>
              <fallbackPackageFolders>
                <add key="machine" value="{machine}" />
              </fallbackPackageFolders>
            </configuration>
            """);
    }

    /// <summary>Creates a program with one package, and gives its folder.</summary>
    /// <param name="package">The package's id.</param>
    /// <param name="program">The file in Packaging/Consumers that becomes its only source.</param>
    /// <param name="more">More of the project file.</param>
    public string CreateProgram(string package, string program, string more = "")
    {
        var folder = CreateProject(package, program, $"<PropertyGroup><OutputType>Exe</OutputType></PropertyGroup>{more}");
        File.Copy(Path.Combine(Repository, "Torch.Tests", "Packaging", "Consumers", $"{program}.cs"), Path.Combine(folder, "Program.cs"));
        return folder;
    }

    /// <summary>Creates a project without sources that references one package, and gives its folder.</summary>
    /// <param name="package">The package's id.</param>
    /// <param name="name">The folder's name.</param>
    /// <param name="more">More of the project file.</param>
    public string CreateProject(string package, string name, string more)
    {
        var folder = Directory.CreateDirectory(Path.Combine(Folder, name)).FullName;
        File.WriteAllText(Path.Combine(folder, "Consumer.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
                <Nullable>enable</Nullable>
                <ImplicitUsings>enable</ImplicitUsings>
                <NoWarn>$(NoWarn);NU1603</NoWarn>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="{package}" Version="{Version}" />
              </ItemGroup>
              {more}
            </Project>
            """);
        return folder;
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(Folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    private static string FindRepository()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "KernelGen.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException($"No KernelGen.sln above {AppContext.BaseDirectory}.");
    }
}
