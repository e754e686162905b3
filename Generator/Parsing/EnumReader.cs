using System;
using KernelGen.Generator.Diagnostics;
using Microsoft.CodeAnalysis;

namespace KernelGen.Generator.Parsing;

/// <summary>Reads enum values and rejects those that the enum doesn't define.</summary>
internal static class EnumReader
{
    public static T Read<T>(int value, Location location, Problems problems)
        where T : struct, Enum
    {
        if (!Enum.IsDefined(typeof(T), value))
        {
            problems.Report(Rules.UndefinedEnumValue, location, value, typeof(T).Name);
        }

        return (T)Enum.ToObject(typeof(T), value);
    }
}
