using System.Diagnostics;

namespace KernelGen.Benchmarks.GeneratorCost;

/// <summary>A console project of its own in a temporary folder, which holds a model.</summary>
internal sealed class ConsoleProject : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("kernelgen-");

    public ConsoleProject(string model, bool withGenerator)
    {
        var libraries = AppContext.BaseDirectory;
        Write("Measured.csproj", $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <Nullable>enable</Nullable>
                <AllowUnsafeBlocks>true</AllowUnsafeBlocks>
              </PropertyGroup>
              <ItemGroup>
                <Reference Include="{Path.Combine(libraries, "KernelGen.Annotations.dll")}" />
                <Reference Include="{Path.Combine(libraries, "KernelGen.Runtime.dll")}" />
                {(withGenerator ? $"""<Analyzer Include="{InMemoryBuild.GeneratorPath}" />""" : "")}
              </ItemGroup>
            </Project>
            """);
        Write("Model.cs", model);
        Write("Program.cs", LayerKinds.Unrelated(0));
        // What stands above the temporary folder must not reach in.
        Write("Directory.Build.props", "<Project />");
        Write("Directory.Build.targets", "<Project />");
        Dotnet("restore");
    }

    /// <summary>Seconds of a whole build.</summary>
    /// <param name="warm">Whether the compiler's server may be used, which stays warm between builds.</param>
    public double Build(bool warm)
    {
        var start = Stopwatch.GetTimestamp();
        Dotnet("build", "--no-restore", "--no-incremental", "-c", "Release", $"-p:UseSharedCompilation={(warm ? "true" : "false")}");
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(_folder.FullName, name), text);

    private void Dotnet(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", arguments)
        {
            WorkingDirectory = _folder.FullName,
            RedirectStandardOutput = true,
        })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"dotnet {string.Join(' ', arguments)} failed:\n{output}");
        }
    }
}
