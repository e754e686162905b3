using System.Collections.Generic;
using KernelGen.Generator.Planning;
using KernelGen.Generator.Text;

namespace KernelGen.Generator.Emission.Cpu;

/// <summary>What the throughput skeletons share: a body for most of a panel, and one for a few samples.</summary>
internal static class PanelText
{
    /// <summary>What the runtime passes, and each body takes: see the runtime's PanelKernel.</summary>
    public const string Parameters = "float* x, float* y, nint stride, int columns, float* partial, in PackedWeights weights";

    /// <summary>The bodies of a method such as "Columns128", and how many vectors of samples each takes at a time.</summary>
    public static IReadOnlyList<(string Name, int Vectors)> Bodies(string method, int vectors)
        => vectors == 1 ? [(Narrow(method), 1)] : [(Wide(method), vectors), (Narrow(method), 1)];

    public static string Summary(int vectors)
        => vectors == 1 ? "One vector of samples." : $"{Literal.Of(vectors)} vectors of samples share each weight.";

    /// <summary>The method that the runtime calls: it cuts the panel's live samples into pieces for the bodies.</summary>
    public static void Panel(SourceWriter writer, Dialect dialect, string method, int vectors)
    {
        writer.Line("[MethodImpl(MethodImplOptions.AggressiveOptimization)]");
        writer.Open($"private static void Run{method}({Parameters})");
        writer.Open("for (int column = 0; column < columns;)");
        if (vectors > 1)
        {
            writer.Open($"if (columns - column > {Literal.Of(vectors * dialect.Lanes / 2)})");
            Call(writer, dialect, Wide(method), vectors);
            writer.Close();
            writer.Open("else");
            Call(writer, dialect, Narrow(method), 1);
            writer.Close();
        }
        else
        {
            Call(writer, dialect, Narrow(method), 1);
        }

        writer.Close();
        writer.Close();
    }

    private static string Wide(string method) => method + "Wide";

    private static string Narrow(string method) => method + "Narrow";

    private static void Call(SourceWriter writer, Dialect dialect, string name, int vectors)
    {
        writer.Line($"{name}(&x[column], &y[column], stride, columns - column, partial, in weights);");
        writer.Line($"column += {Literal.Of(vectors * dialect.Lanes)};");
    }
}
