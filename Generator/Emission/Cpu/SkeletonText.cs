using System;
using System.Collections.Generic;
using System.Globalization;
using KernelGen.Generator.Text;

namespace KernelGen.Generator.Emission.Cpu;

/// <summary>What the skeletons share at their ends: pointers moved by constants, and the activation.</summary>
internal static class SkeletonText
{
    /// <summary>A pointer moved by a constant; constants add up.</summary>
    public static string At(string pointer, int offset)
    {
        var plus = pointer.LastIndexOf(" + ", StringComparison.Ordinal);
        if (plus >= 0 && int.TryParse(pointer.Substring(plus + 3), NumberStyles.None, CultureInfo.InvariantCulture, out var constant))
        {
            return At(pointer.Substring(0, plus), constant + offset);
        }

        return offset == 0 ? pointer : $"{pointer} + {Literal.Of(offset)}";
    }

    public static void Activate(SourceWriter writer, IEnumerable<string> sums)
    {
        foreach (var sum in sums)
        {
            writer.Line($"{sum} = TActivation.Of({sum});");
        }
    }
}
