using System;
using System.Linq;
using KernelGen.Generator.Emission.Cpu.Library;
using KernelGen.Generator.Planning;
using KernelGen.Generator.Text;

namespace KernelGen.Generator.Emission.Cpu;

/// <summary>
/// SDDMM with samples in lanes, two rows at a time: their output gradients stay in registers, and each active weight takes the product with one
/// feature's activations. Columns go in blocks, so that their activations stay in L1 while all rows use them. Vectors of products wait until there
/// are enough, then are summed across their lanes as many at a time as there are lanes.
/// </summary>
internal sealed class SampledCsrFile
{
    private const string Rows = "AB";
    private const int CacheLineFloats = 16;

    private readonly SourceWriter _writer = new();
    private readonly Dialect _dialect;
    private readonly SampledPlan _plan;
    // Of products, which may be narrower than vectors.
    private readonly string _lanes;
    private readonly string _square;

    private SampledCsrFile(Dialect dialect, SampledPlan plan)
    {
        _dialect = dialect;
        _plan = plan;
        _square = Literal.Of(plan.ProductLanes * plan.ProductLanes);
        _lanes = Literal.Of(plan.ProductLanes);
    }

    public static GeneratedFile Emit(Dialect dialect, SampledPlan plan, string kernelNamespace)
        => new SampledCsrFile(dialect, plan).Emit(kernelNamespace);

    private GeneratedFile Emit(string kernelNamespace)
    {
        FileFrame.Begin(_writer, kernelNamespace);
        FileFrame.Usings(_writer, _dialect, "KernelGen.Dispatch", "KernelGen.Formats", VectorLibrary.Namespace);
        _writer.Line($"using static global::{VectorLibrary.Namespace}.{VectorsEmitter.ClassName(_dialect)};");
        _writer.Line();
        _writer.Line($"/// <summary>The gradient of weights and bias, on {KindText.TargetName(_plan.Target)}.</summary>");
        _writer.Line(GeneratorInfo.Attribute);
        _writer.Line($"internal static unsafe class {_plan.ClassName}<TShape>").Indent();
        _writer.Line("where TShape : struct, IShape").Outdent().Open();
        _writer.Line("public static SampledKernel Kernel => new(").Indent();
        _writer.Line($"InstructionSet.{_plan.Target.Name}, \"{_plan.ClassName}\", blockColumns: {Literal.Of(_plan.BlockColumns)}, denseBlockColumns: {Literal.Of(_plan.DenseBlockColumns)}, "
            + $"scratchFloats: {Literal.Of(_plan.ScratchFloats)}, [{string.Join(", ", _plan.Bodies.Select(Table))}], &RunBias);").Outdent();
        _writer.Line();
        foreach (var vectors in _plan.Bodies)
        {
            Body(vectors);
            _writer.Line();
        }

        RunBias();
        _writer.Line();
        Deliver();
        _writer.Line();
        SumProducts();
        _writer.Close();
        return FileFrame.End(_writer, kernelNamespace, _plan.ClassName);
    }

    private string Table(int vectors) => $"new({Samples(vectors)}, &{Method(vectors)})";

    private void Body(int vectors)
    {
        _writer.Line($"/// <summary>SDDMM: pairs of rows, {Samples(vectors)} samples in lanes.</summary>");
        _writer.Line("[MethodImpl(MethodImplOptions.AggressiveOptimization)]");
        _writer.Open($"private static void {Method(vectors)}(float* x, nint xStride, float* dy, nint dyStride, float* gradient, bool add, float* scratch, in SampledIndex mask)");
        _writer.Line("byte* column = mask.Columns;");
        _writer.Line("byte* count = mask.Counts;");
        _writer.Line("byte* pair = mask.Pairs;");
        _writer.Line("float* sums = scratch;");
        _writer.Line($"int* runs = (int*)&sums[{Literal.Of(_plan.MostWaiting)}];");
        _writer.Line($"float* products = (float*)&runs[{Literal.Of(_plan.RunNumbers)}];");
        _writer.Line("float* product = products;");
        _writer.Line("int* run = runs;");
        _writer.Open("for (int first = 0; first < TShape.In; first += mask.BlockColumns, x += mask.BlockColumns * xStride)");
        _writer.Open("for (int left = (TShape.Out + 1) / 2; left > 0; left--, count += 2, pair += 4 * SampledIndex.NumberBytes(TShape.In, TShape.Out))");
        _writer.Line("// It has no weights here, nor have those behind it: the pointers go on.");
        _writer.Open("if (count[0] == 0)");
        _writer.Line("continue;");
        _writer.Close();
        _writer.Line();
        Number("rowA", 0);
        Number("rowB", 1);
        _writer.Line("// A row without a partner has itself: nothing is multiplied with that.");
        _writer.Line("rowB = rowB < TShape.Out ? rowB : rowA;");
        _writer.Line("// A has at least as many weights as B.");
        _writer.Line("int both = SampledIndex.Count(count[1]);");
        _writer.Line("int shared = SampledIndex.IsShared(count[1]) ? both : 0;");
        _writer.Line("int own = both - shared;");
        _writer.Line("int extra = count[0] - both;");
        Number("behindA", 2);
        Number("behindB", 3);
        _writer.Line("// Where each row's gradients go, and how many.");
        _writer.Line("run[0] = mask.Starts[rowA] + behindA;");
        _writer.Line("run[1] = count[0];");
        _writer.Line("run[2] = mask.Starts[rowB] + behindB;");
        _writer.Line("run[3] = both;");
        Prefetch();
        _writer.Line("run += 4;");
        _writer.Line("float* productA = product;");
        _writer.Line($"float* productB = &product[count[0] * {_lanes}];");
        _writer.Line($"product = &productB[both * {_lanes}];");
        if (_plan.RowsTogether)
        {
            Pass(Rows, vectors, "column");
            _writer.Line();
        }
        else
        {
            _writer.Line("// One row after the other, since registers don't hold the gradients of both.");
            foreach (var row in Rows)
            {
                _writer.Open();
                _writer.Line("byte* from = column;");
                Pass(row.ToString(), vectors, "from");
                _writer.Close();
                _writer.Line();
            }

            _writer.Line("column += shared + (2 * own) + extra;");
        }

        _writer.Open($"if (product - products >= {Literal.Of(_plan.Waiting)} * {_lanes})");
        _writer.Line("Deliver(products, product, sums, gradient, runs, run, add);");
        _writer.Line("product = products;");
        _writer.Line("run = runs;");
        _writer.Close();
        _writer.Close();
        _writer.Close();
        _writer.Line();
        _writer.Line("Deliver(products, product, sums, gradient, runs, run, add);");
        _writer.Close();
    }

    /// <summary>Gradients are more than the caches of a core hold: the places of a pair's come while those are computed.</summary>
    private void Prefetch()
    {
        if (_dialect.Prefetch("&gradient[run[0] + i]") is not { } first)
        {
            return;
        }

        _writer.Open($"for (int i = 0; i < count[0]; i += {Literal.Of(CacheLineFloats)})");
        _writer.Line(first);
        _writer.Line(_dialect.Prefetch("&gradient[run[2] + i]")!);
        _writer.Close();
        _writer.Line();
    }

    private void Number(string name, int place)
    {
        var at = Literal.Of(place);
        _writer.Line($"int {name} = SampledIndex.NumberBytes(TShape.In, TShape.Out) == sizeof(int) ? ((int*)pair)[{at}] : ((ushort*)pair)[{at}];");
    }

    /// <summary>One row's columns of the block, or both rows'.</summary>
    private void Pass(string rows, int vectors, string column)
    {
        foreach (var row in rows)
        {
            _writer.Line($"float* {Gradients(row)} = &dy[row{row} * dyStride];");
            for (var v = 0; v < vectors; v++)
            {
                _writer.Line($"{_dialect.Vector} {Gradient(row, v)} = {_dialect.Load(At(Gradients(row), v))};");
            }
        }

        _writer.Line();
        _writer.Line("// Both rows' columns.");
        _writer.Open($"for (byte* end = &{column}[shared]; {column} < end; {column}++, {Step(rows)})");
        _writer.Line($"float* activations = &x[*{column} * xStride];");
        for (var v = 0; v < vectors; v++)
        {
            _writer.Line($"{_dialect.Vector} shared{Literal.Of(v)} = {_dialect.Load(At("activations", v))};");
            foreach (var row in rows)
            {
                Multiply(row, v, $"shared{Literal.Of(v)}");
            }
        }

        StoreProducts(rows);
        _writer.Close();
        _writer.Line();
        _writer.Line("// One of A's columns and one of B's a step.");
        _writer.Open($"for (byte* end = &{column}[2 * own]; {column} < end; {column} += 2, {Step(rows)})");
        Own(rows, vectors, column);
        _writer.Close();
        if (rows[0] == 'A')
        {
            _writer.Line();
            _writer.Line("// What A has beyond B.");
            _writer.Open($"for (byte* end = &{column}[extra]; {column} < end; {column}++, {Step("A")})");
            Own("A", vectors, column);
            _writer.Close();
        }
    }

    /// <summary>A step in which each of the rows has a column of its own.</summary>
    private void Own(string rows, int vectors, string column)
    {
        foreach (var row in rows)
        {
            _writer.Line($"float* activations{row} = &x[{(row == 'A' ? $"*{column}" : $"{column}[1]")} * xStride];");
        }

        for (var v = 0; v < vectors; v++)
        {
            foreach (var row in rows)
            {
                Multiply(row, v, _dialect.Load(At($"activations{row}", v)));
            }
        }

        StoreProducts(rows);
    }

    /// <summary>Two chains a row: one would wait for itself.</summary>
    private void Multiply(char row, int v, string activations)
    {
        var sum = (v % 2 == 0 ? "even" : "odd") + row;
        _writer.Line(v < 2
            ? $"{_dialect.Vector} {sum} = {Gradient(row, v)} * {activations};"
            : $"{sum} = {_dialect.Fma(Gradient(row, v), activations, sum)};");
    }

    private void StoreProducts(string rows)
    {
        foreach (var row in rows)
        {
            _writer.Line($"{_dialect.Vector} sum{row} = even{row} + odd{row};");
            StoreProduct($"product{row}", $"sum{row}");
        }
    }

    private void StoreProduct(string pointer, string sum)
    {
        foreach (var line in _dialect.StoreFolded(pointer, sum, _plan.ProductLanes))
        {
            _writer.Line(line);
        }
    }

    private void RunBias()
    {
        _writer.Line("/// <summary>The sums of rows.</summary>");
        _writer.Line("[MethodImpl(MethodImplOptions.AggressiveOptimization)]");
        _writer.Open("private static void RunBias(float* dy, nint dyStride, int samples, float* gradient, bool add, float* scratch)");
        _writer.Open($"for (int row = 0; row < TShape.Out; row += {_lanes})");
        _writer.Line($"int count = TShape.Out - row < {_lanes} ? TShape.Out - row : {_lanes};");
        _writer.Open("for (int i = 0; i < count; i++)");
        _writer.Line("float* own = &dy[(row + i) * dyStride];");
        _writer.Line($"{_dialect.Vector} sum = {_dialect.Load("own")};");
        _writer.Open($"for (int sample = {Literal.Of(_dialect.Lanes)}; sample < samples; sample += {Literal.Of(_dialect.Lanes)})");
        _writer.Line($"sum += {_dialect.Load("&own[sample]")};");
        _writer.Close();
        _writer.Line();
        StoreProduct($"&scratch[i * {_lanes}]", "sum");
        _writer.Close();
        _writer.Line();
        _writer.Line($"float* sums = &scratch[{_square}];");
        _writer.Line("SumProducts(scratch, sums);");
        _writer.Open("for (int i = 0; i < count; i++)");
        _writer.Line("gradient[row + i] = add ? gradient[row + i] + sums[i] : sums[i];");
        _writer.Close();
        _writer.Close();
        _writer.Close();
    }

    private void Deliver()
    {
        _writer.Line("/// <summary>Sums products across their lanes, and brings each run of sums to its place, or adds it to what is there.</summary>");
        _writer.Line("[MethodImpl(MethodImplOptions.AggressiveOptimization)]");
        _writer.Open("private static void Deliver(float* products, float* last, float* sums, float* gradient, int* run, int* end, bool add)");
        _writer.Line("// What is summed beyond the last product, to fill vectors, goes nowhere.");
        _writer.Open($"for (float* sum = sums; products < last; products += {_square}, sum += {_lanes})");
        _writer.Line("SumProducts(products, sum);");
        _writer.Close();
        _writer.Line();
        _writer.Open("for (; run < end; run += 2)");
        _writer.Line("float* place = &gradient[run[0]];");
        _writer.Line("int count = run[1];");
        _writer.Open("if (add)");
        DeliverRun(add: true);
        _writer.Close();
        _writer.Open("else");
        DeliverRun(add: false);
        _writer.Close();
        _writer.Line();
        _writer.Line("sums += count;");
        _writer.Close();
        _writer.Close();
    }

    /// <summary>By vectors where the last one's lanes are cheaply left out, since runs are short.</summary>
    private void DeliverRun(bool add)
    {
        _writer.Open(_dialect.HasMasks ? $"for (int i = 0; i < count; i += {Literal.Of(_dialect.Lanes)})" : "for (int i = 0; i < count; i++)");
        if (_dialect.HasMasks)
        {
            var before = add ? _dialect.LoadFirst("&place[i]", "count - i") + " + " : "";
            _writer.Line(_dialect.StoreFirst("&place[i]", before + _dialect.Load("&sums[i]"), "count - i"));
        }
        else
        {
            _writer.Line($"place[i] {(add ? "+=" : "=")} sums[i];");
        }

        _writer.Close();
    }

    private void SumProducts()
    {
        _writer.Line($"/// <summary>Sums {_lanes} vectors across their lanes.</summary>");
        _writer.Line("[MethodImpl(MethodImplOptions.AggressiveInlining)]");
        _writer.Open("private static void SumProducts(float* products, float* result)");
        foreach (var line in _dialect.SumProducts("products", "result"))
        {
            _writer.Line(line);
        }

        _writer.Close();
    }

    private string Step(string rows) => string.Join(", ", rows.Select(row => $"product{row} += {_lanes}"));

    private string Samples(int vectors) => Literal.Of(vectors * _dialect.Lanes);

    private string Method(int vectors) => $"Samples{Samples(vectors)}";

    private static string Gradients(char row) => $"gradient{row}";

    private static string Gradient(char row, int vector) => char.ToLowerInvariant(row) + Literal.Of(vector);

    private string At(string pointer, int vector) => SkeletonText.At(pointer, vector * _dialect.Lanes);
}
