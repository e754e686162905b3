using System.Collections.Generic;
using KernelGen.Generator.Planning;
using KernelGen.Generator.Text;

namespace KernelGen.Generator.Emission.Cpu;

/// <summary>Portable C#: a vector is one float.</summary>
internal class ScalarDialect : Dialect
{
    public override Target Target => Target.Scalar;

    public override string Vector => "float";

    public override IEnumerable<string> Usings => ["System"];

    public override string Constant(float value) => Literal.Of(value);

    public override string Load(string pointer) => Dereference(pointer);

    public override string Store(string pointer, string value) => $"{Dereference(pointer)} = {value};";

    public override string Broadcast(string pointer) => Dereference(pointer);

    public override string Fma(string a, string b, string c) => $"({a} * {b}) + {c}";

    public override string Max(string constant, string value) => $"{value} < {constant} ? {constant} : {value}";

    public override string Min(string constant, string value) => $"{value} > {constant} ? {constant} : {value}";

    public override string Abs(string value) => $"float.Abs({value})";

    public override string CopySign(string magnitude, string sign) => $"float.CopySign({magnitude}, {sign})";

    public override string PowerOfTwo(string shifted)
        => $"BitConverter.Int32BitsToSingle(BitConverter.SingleToInt32Bits({shifted}) << 23)";

    public override string SelectLess(string a, string b, string whereLess, string elsewhere)
        => $"{a} < {b} ? {whereLess} : {elsewhere}";

    public override string Or(string a, string b) => $"{a} + {b}";

    public override string IsZero(string value) => $"{value} == 0f";

    public override IEnumerable<string> LoadWindow(Reach reach, string pointer, string suffix = "") => [$"float* window{suffix} = {pointer};"];

    public override string LoadIndex(LaneIndex index, string pointer) => Dereference(pointer);

    public override string Pick(Reach reach, string index, string suffix = "") => $"window{suffix}[{index}]";

    public override string Scatter(string pointer, string places, string value) => $"{pointer}[{Dereference(places)}] = {value};";

    public override string StoreFirst(string pointer, string value, string count) => Store(pointer, value);

    public override IEnumerable<string> Transpose() => [];

    public override IEnumerable<string> SumProducts(string products, string result) => [Store(result, Load(products))];

    public override string LoadFirst(string pointer, string count) => Load(pointer);
}
