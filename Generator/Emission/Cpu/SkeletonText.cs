using System.Collections.Generic;
using System.Globalization;
using KernelGen.Generator.Text;

namespace KernelGen.Generator.Emission.Cpu;

/// <summary>
/// What the skeletons share: places behind pointers, and the activation. "&amp;p[16]" says what "p + 16" does, but the C# compiler binds it without
/// trying every operator there is, which would take a fifth of its time.
/// </summary>
internal static class SkeletonText
{
    /// <summary>
    /// The place so many elements behind a pointer or such a place. A pointer of its own, not an index, must hold what varies: the sum of an index and a
    /// constant would take instructions, since it might overflow.
    /// </summary>
    public static string At(string pointer, int offset)
    {
        if (offset == 0)
        {
            return pointer;
        }

        var bracket = pointer.IndexOf('[');
        if (bracket < 0)
        {
            return $"&{pointer}[{Literal.Of(offset)}]";
        }

        var present = int.Parse(pointer.Substring(bracket + 1, pointer.Length - bracket - 2), CultureInfo.InvariantCulture);
        return $"{pointer.Substring(0, bracket + 1)}{Literal.Of(present + offset)}]";
    }

    public static void Activate(SourceWriter writer, IEnumerable<string> sums)
    {
        foreach (var sum in sums)
        {
            writer.Line($"{sum} = TActivation.Of({sum});");
        }
    }
}
