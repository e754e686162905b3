using System.Linq;
using KernelGen.Generator.Planning;
using KernelGen.Generator.Text;

namespace KernelGen.Generator.Emission.Cpu;

/// <summary>
/// SDDMM with samples in lanes: a row's output gradient stays in registers, and each of its active weights takes the product with one feature's
/// activations. Columns go in blocks, so that their activations stay in L1 while all rows use them. The vectors of products are summed across
/// their lanes as many at a time as there are lanes.
/// </summary>
internal sealed class SampledCsrFile
{
    private readonly SourceWriter _writer = new();
    private readonly Dialect _dialect;
    private readonly SampledPlan _plan;
    private readonly int _square;
    private readonly string _lanes;

    private SampledCsrFile(Dialect dialect, SampledPlan plan)
    {
        _dialect = dialect;
        _plan = plan;
        _square = dialect.Lanes * dialect.Lanes;
        _lanes = Literal.Of(dialect.Lanes);
    }

    public static GeneratedFile Emit(Dialect dialect, SampledPlan plan, string kernelNamespace)
        => new SampledCsrFile(dialect, plan).Emit(kernelNamespace);

    private GeneratedFile Emit(string kernelNamespace)
    {
        FileFrame.Begin(_writer, kernelNamespace);
        FileFrame.Usings(_writer, _dialect, "KernelGen", "KernelGen.Dispatch", "KernelGen.Formats");
        _writer.Line($"using static global::{kernelNamespace}.{VectorsEmitter.ClassName(_dialect)};");
        _writer.Line();
        _writer.Line($"/// <summary>The gradient of weights and bias, on {KindText.TargetName(_plan.Target)}.</summary>");
        _writer.Line(GeneratorInfo.Attribute);
        _writer.Line($"internal static unsafe class {_plan.ClassName}<TShape>").Indent();
        _writer.Line("where TShape : struct, IShape").Outdent().Open();
        _writer.Line("public static SampledKernel Kernel => new(").Indent();
        _writer.Line($"InstructionSet.{_plan.Target.Name}, \"{_plan.ClassName}\", blockColumns: {Literal.Of(_plan.BlockColumns)}, "
            + $"samples: {Literal.Of(_plan.Samples)}, &Run, &RunBias);").Outdent();
        _writer.Line();
        Run();
        _writer.Line();
        RunBias();
        _writer.Line();
        SumLanes();
        _writer.Close();
        return FileFrame.End(_writer, kernelNamespace, _plan.ClassName);
    }

    private void Run()
    {
        _writer.Line($"/// <summary>SDDMM: {Literal.Of(_plan.Samples)} samples in lanes, in blocks of {Literal.Of(_plan.BlockColumns)} columns.</summary>");
        _writer.Line("[MethodImpl(MethodImplOptions.AggressiveOptimization)]");
        _writer.Open("private static void Run(float* x, nint xStride, float* dy, nint dyStride, float* gradient, bool add, float* scratch, in SampledPattern pattern)");
        _writer.Line("float* products = scratch;");
        _writer.Line($"float* full = products + {Literal.Of(_square)};");
        _writer.Line("float* results = full;");
        _writer.Line("// Row, first weight, count.");
        _writer.Line("int* segments = pattern.Segments;");
        _writer.Open($"for (int block = 0; block <= (TShape.In - 1) / {Literal.Of(_plan.BlockColumns)}; block++, segments += 3 * pattern.Rows)");
        _writer.Line("int* lastSegment = segments + (3 * pattern.Rows);");
        _writer.Line("float* result = results;");
        _writer.Line("float* product = products;");
        _writer.Open("for (int* segment = segments; segment < lastSegment; segment += 3)");
        _writer.Line("int* end = pattern.Columns + segment[1] + segment[2];");
        _writer.Open("for (int* column = pattern.Columns + segment[1]; column < end;)");
        _writer.Line("// As many as the square of products has room for.");
        _writer.Line($"nint room = (nint)(full - product) / {_lanes};");
        _writer.Line("int* stop = end - column < room ? end : column + room;");
        _writer.Line("float* own = dy + (*segment * dyStride);");
        for (var v = 0; v < _plan.Vectors; v++)
        {
            _writer.Line($"{_dialect.Vector} dy{Literal.Of(v)} = {_dialect.Load(At("own", v))};");
        }

        _writer.Line("// A pointer of its own stays in a register.");
        _writer.Open($"for (int* next = column; next < stop; next++, product += {_lanes})");
        _writer.Line("float* activations = x + (*next * xStride);");
        for (var v = 0; v < _plan.Vectors; v++)
        {
            var (factor, load) = ($"dy{Literal.Of(v)}", _dialect.Load(At("activations", v)));
            var sum = v % 2 == 0 ? "even" : "odd";
            _writer.Line(v < 2 ? $"{_dialect.Vector} {sum} = {factor} * {load};" : $"{sum} = {_dialect.Fma(factor, load, sum)};");
        }

        _writer.Line(_dialect.Store("product", "even + odd"));
        _writer.Close();
        _writer.Line();
        _writer.Line("column = stop;");
        _writer.Open("if (product == full)");
        _writer.Line("SumLanes(products, result);");
        _writer.Line($"result += {_lanes};");
        _writer.Line("product = products;");
        _writer.Close();
        _writer.Close();
        _writer.Close();
        _writer.Line();
        _writer.Line("// The rest, and whatever lies behind it.");
        _writer.Line("SumLanes(products, result);");
        _writer.Line("result = results;");
        _writer.Open("for (int* segment = segments; segment < lastSegment; segment += 3)");
        _writer.Line("int count = segment[2];");
        Deliver("gradient + segment[1]");
        _writer.Line("result += count;");
        _writer.Close();
        _writer.Close();
        _writer.Close();
    }

    private void RunBias()
    {
        _writer.Line("/// <summary>The sums of rows.</summary>");
        _writer.Line("[MethodImpl(MethodImplOptions.AggressiveOptimization)]");
        _writer.Open("private static void RunBias(float* dy, nint dyStride, float* gradient, bool add, float* scratch)");
        _writer.Open($"for (int row = 0; row < TShape.Out; row += {_lanes})");
        _writer.Line($"int count = TShape.Out - row < {_lanes} ? TShape.Out - row : {_lanes};");
        _writer.Open("for (int i = 0; i < count; i++)");
        _writer.Line("float* own = dy + ((row + i) * dyStride);");
        _writer.Line($"{_dialect.Vector} sum = {_dialect.Load("own")};");
        for (var v = 1; v < _plan.Vectors; v++)
        {
            _writer.Line($"sum += {_dialect.Load(At("own", v))};");
        }

        _writer.Line(_dialect.Store($"scratch + (i * {_lanes})", "sum"));
        _writer.Close();
        _writer.Line();
        _writer.Line($"float* result = scratch + {Literal.Of(_square)};");
        _writer.Line("SumLanes(scratch, result);");
        Deliver("gradient + row");
        _writer.Close();
        _writer.Close();
    }

    /// <summary>Sums to where they belong, or added to what is there; nothing beyond.</summary>
    private void Deliver(string place)
    {
        _writer.Line($"float* place = {place};");
        _writer.Open($"for (int i = 0; i < count; i += {_lanes})");
        _writer.Line($"{_dialect.Vector} sum = {_dialect.Load("result + i")};");
        _writer.Open("if (add)");
        _writer.Line($"sum += {_dialect.LoadFirst("place + i", "count - i")};");
        _writer.Close();
        _writer.Line();
        _writer.Line(_dialect.StoreFirst("place + i", "sum", "count - i"));
        _writer.Close();
        _writer.Line();
    }

    private void SumLanes()
    {
        _writer.Line($"/// <summary>Sums {_lanes} vectors across their lanes.</summary>");
        _writer.Line("[MethodImpl(MethodImplOptions.AggressiveOptimization)]");
        _writer.Open("private static void SumLanes(float* products, float* result)");
        foreach (var i in Enumerable.Range(0, _dialect.Lanes))
        {
            _writer.Line($"{_dialect.Vector} r{Literal.Of(i)} = {_dialect.Load(At("products", i))};");
        }

        foreach (var line in _dialect.SumLanes())
        {
            _writer.Line(line);
        }

        _writer.Line(_dialect.Store("result", "sums"));
        _writer.Close();
    }

    private string At(string pointer, int vector) => SkeletonText.At(pointer, vector * _dialect.Lanes);
}
