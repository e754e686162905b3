using System;
using System.Linq;
using KernelGen.Generator.Planning;
using KernelGen.Generator.Text;

namespace KernelGen.Generator.Emission.Cpu;

/// <summary>
/// SDDMM with samples in lanes, two rows at a time: their output gradients stay in registers, and each active weight takes the product with one
/// feature's activations, which both rows load together where both have a weight. Columns go in blocks, so that their activations stay in L1 while
/// all rows use them. Vectors of products wait until there are enough, then are summed across their lanes as many at a time as there are lanes.
/// </summary>
internal sealed class SampledCsrFile
{
    private const string Rows = "AB";

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
        _square = Literal.Of(dialect.ProductLanes * dialect.ProductLanes);
        _lanes = Literal.Of(dialect.ProductLanes);
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
            + $"samples: {Literal.Of(_plan.Samples)}, scratchFloats: {Literal.Of(_plan.ScratchFloats)}, &Run, &RunBias);").Outdent();
        _writer.Line();
        Run();
        _writer.Line();
        RunBias();
        _writer.Line();
        Deliver();
        _writer.Line();
        SumProducts();
        _writer.Close();
        return FileFrame.End(_writer, kernelNamespace, _plan.ClassName);
    }

    private void Run()
    {
        var block = Literal.Of(_plan.BlockColumns);
        _writer.Line($"/// <summary>SDDMM: pairs of rows, {Literal.Of(_plan.Samples)} samples in lanes; CSR in blocks of {block} columns.</summary>");
        _writer.Line("[MethodImpl(MethodImplOptions.AggressiveOptimization)]");
        _writer.Open("private static void Run(float* x, nint xStride, float* dy, nint dyStride, float* gradient, bool add, float* scratch, in PackedWeights weights)");
        _writer.Line("// Where each weight's gradient goes, in the order of the products.");
        _writer.Line("int* place = (int*)weights.Values;");
        _writer.Line("ushort* column = (ushort*)weights.Indices;");
        _writer.Line("// Of each pair: rows A and B, then how many columns are shared, how many both have apart, how many A has beyond.");
        _writer.Line("int* pair = (int*)weights.Counts;");
        _writer.Line("float* sums = scratch;");
        _writer.Line($"float* products = sums + {Literal.Of(_plan.MostWaiting)};");
        _writer.Line("float* product = products;");
        _writer.Open($"for (int block = 0; block <= (TShape.In - 1) / {block}; block++, x += {block} * xStride)");
        _writer.Open("for (int left = (weights.Rows + 1) / 2; left > 0; left--, pair += 5)");
        if (_plan.RowsTogether)
        {
            Pass(Rows, "column", "product");
            _writer.Line();
        }
        else
        {
            _writer.Line("// One row after the other, since registers don't hold the gradients of both. Products lie as if both had run together.");
            foreach (var row in Rows)
            {
                _writer.Open();
                _writer.Line("ushort* next = column;");
                _writer.Line("float* target = product;");
                Pass(row.ToString(), "next", "target");
                _writer.Close();
                _writer.Line();
            }

            _writer.Line("column += pair[2] + (2 * pair[3]) + pair[4];");
            _writer.Line($"product += ((2 * (pair[2] + pair[3])) + pair[4]) * {_lanes};");
        }

        _writer.Open($"if (product - products >= {Literal.Of(_plan.Waiting)} * {_lanes})");
        _writer.Line("// What doesn't fill a square waits in front.");
        _writer.Line($"nint whole = (nint)(product - products) / {_square} * {_lanes};");
        _writer.Line("Deliver(products, sums, gradient, place, whole, add);");
        _writer.Line("place += whole;");
        _writer.Line($"float* from = products + (whole * {_lanes});");
        _writer.Line("nint rest = (nint)(product - from);");
        _writer.Open($"for (nint i = 0; i < rest; i += {Literal.Of(_dialect.Lanes)})");
        _writer.Line(_dialect.Store("products + i", _dialect.Load("from + i")));
        _writer.Close();
        _writer.Line();
        _writer.Line("product = products + rest;");
        _writer.Close();
        _writer.Close();
        _writer.Close();
        _writer.Line();
        _writer.Line($"Deliver(products, sums, gradient, place, (nint)(product - products) / {_lanes}, add);");
        _writer.Close();
    }

    /// <summary>One row's columns of the block, or both rows'.</summary>
    private void Pass(string rows, string column, string product)
    {
        foreach (var row in rows)
        {
            if (row == 'B')
            {
                _writer.Line("// A row without a partner has itself: nothing is multiplied with that.");
            }

            _writer.Line($"float* row{row} = dy + ({(row == 'A' ? "pair[0]" : "pair[pair[1] < weights.Rows ? 1 : 0]")} * dyStride);");
            for (var v = 0; v < _plan.Vectors; v++)
            {
                _writer.Line($"{_dialect.Vector} {Gradient(row, v)} = {_dialect.Load(At($"row{row}", v))};");
            }
        }

        _writer.Line();
        _writer.Line("// Columns that both rows have.");
        _writer.Open($"for (ushort* end = {column} + pair[2]; {column} < end; {column}++, {product} += 2 * {_lanes})");
        _writer.Line($"float* activations = x + (*{column} * xStride);");
        for (var v = 0; v < _plan.Vectors; v++)
        {
            _writer.Line($"{_dialect.Vector} shared{Literal.Of(v)} = {_dialect.Load(At("activations", v))};");
            foreach (var row in rows)
            {
                Multiply(row, v, $"shared{Literal.Of(v)}");
            }
        }

        StoreProducts(rows, product);
        _writer.Close();
        _writer.Line();
        _writer.Line("// Columns that one row alone has: one of A's and one of B's a step.");
        _writer.Open($"for (ushort* end = {column} + (2 * pair[3]); {column} < end; {column} += 2, {product} += 2 * {_lanes})");
        Own(rows, column, product);
        _writer.Close();
        if (rows[0] == 'A')
        {
            _writer.Line();
            _writer.Line("// What A has beyond B.");
            _writer.Open($"for (ushort* end = {column} + pair[4]; {column} < end; {column}++, {product} += {_lanes})");
            Own("A", column, product);
            _writer.Close();
        }
    }

    /// <summary>A step in which each of the rows has a column of its own.</summary>
    private void Own(string rows, string column, string product)
    {
        foreach (var row in rows)
        {
            _writer.Line($"float* activations{row} = x + ({(row == 'A' ? $"*{column}" : $"{column}[1]")} * xStride);");
        }

        for (var v = 0; v < _plan.Vectors; v++)
        {
            foreach (var row in rows)
            {
                Multiply(row, v, _dialect.Load(At($"activations{row}", v)));
            }
        }

        StoreProducts(rows, product);
    }

    /// <summary>Two chains a row: one would wait for itself.</summary>
    private void Multiply(char row, int v, string activations)
    {
        var sum = (v % 2 == 0 ? "even" : "odd") + row;
        _writer.Line(v < 2
            ? $"{_dialect.Vector} {sum} = {Gradient(row, v)} * {activations};"
            : $"{sum} = {_dialect.Fma(Gradient(row, v), activations, sum)};");
    }

    private void StoreProducts(string rows, string product)
    {
        foreach (var row in rows)
        {
            _writer.Line($"{_dialect.Vector} sum{row} = even{row} + odd{row};");
            StoreProduct(row == 'A' ? product : $"{product} + {_lanes}", $"sum{row}");
        }
    }

    private void StoreProduct(string pointer, string sum)
    {
        foreach (var line in _dialect.StoreFolded(pointer, sum, _dialect.ProductLanes))
        {
            _writer.Line(line);
        }
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

        StoreProduct($"scratch + (i * {_lanes})", "sum");
        _writer.Close();
        _writer.Line();
        _writer.Line($"float* sums = scratch + {_square};");
        _writer.Line("SumProducts(scratch, sums);");
        _writer.Open("for (int i = 0; i < count; i++)");
        _writer.Line("gradient[row + i] = add ? gradient[row + i] + sums[i] : sums[i];");
        _writer.Close();
        _writer.Close();
        _writer.Close();
    }

    private void Deliver()
    {
        _writer.Line("/// <summary>Sums products across their lanes, and brings the sums to their places, or adds them to what is there.</summary>");
        _writer.Line("[MethodImpl(MethodImplOptions.AggressiveOptimization)]");
        _writer.Open("private static void Deliver(float* products, float* sums, float* gradient, int* place, nint count, bool add)");
        _writer.Open($"for (nint i = 0; i < count; i += {_lanes})");
        _writer.Line($"SumProducts(products + (i * {_lanes}), sums + i);");
        _writer.Close();
        _writer.Line();
        _writer.Open("if (add)");
        _writer.Open("for (nint i = 0; i < count; i++)");
        _writer.Line("gradient[place[i]] += sums[i];");
        _writer.Close();
        _writer.Close();
        _writer.Open("else");
        _writer.Open("for (nint i = 0; i < count; i++)");
        _writer.Line("gradient[place[i]] = sums[i];");
        _writer.Close();
        _writer.Close();
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

    private static string Gradient(char row, int vector) => char.ToLowerInvariant(row) + Literal.Of(vector);

    private string At(string pointer, int vector) => SkeletonText.At(pointer, vector * _dialect.Lanes);
}
