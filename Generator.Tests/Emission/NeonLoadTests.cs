using KernelGen.Generator.Emission;
using KernelGen.Generator.Emission.Cpu;
using KernelGen.Generator.Emission.Cpu.Library;

namespace KernelGen.Generator.Tests.Emission;

/// <summary>NEON has no masked load; the helper that stands in for one is portable, so that it runs on any machine.</summary>
public sealed class NeonLoadTests
{
    private const string Namespace = "Emitted.Kernels";

    [Theory]
    [InlineData(1, new[] { 1f, 0f, 0f, 0f })]
    [InlineData(2, new[] { 1f, 2f, 0f, 0f })]
    [InlineData(3, new[] { 1f, 2f, 3f, 0f })]
    [InlineData(4, new[] { 1f, 2f, 3f, 4f })]
    [InlineData(5, new[] { 1f, 2f, 3f, 4f })]
    public void A_short_load_takes_its_floats_and_no_more(int count, float[] expected)
    {
        var neon = Dialect.All.Single(d => d.Name == "Neon");
        var driver = new SourceWriter();
        FileFrame.Begin(driver, Namespace);
        FileFrame.Usings(driver, neon);
        driver.Line($"using static global::{VectorLibrary.Namespace}.{VectorsEmitter.ClassName(neon)};");
        driver.Open("internal static unsafe class Driver");
        driver.Open("public static void Load(float[] values, float[] results, int count)");
        driver.Open("fixed (float* x = values, y = results)");
        driver.Line(neon.Store("y", neon.LoadFirst("x", "count")));
        driver.Close().Close().Close();

        var assembly = InMemoryCompiler.Load(driver.ToString());
        var load = assembly.GetType($"{Namespace}.Driver", throwOnError: true)!.GetMethod("Load")!;
        var results = new float[4];
        load.CreateDelegate<Action<float[], float[], int>>()([1, 2, 3, 4, 5], results, count);

        Assert.Equal(expected, results);
    }
}
