using System.Collections.Generic;

namespace KernelGen.Generator.Emission.Cpu;

internal static class ActivationEmitter
{
    public static GeneratedFile Emit(Dialect dialect, IEnumerable<Activation> activations, string kernelNamespace)
        => new($"{dialect.Name}Activations.g.cs", "");

    public static string Call(Dialect dialect, Activation activation, float slope, string value) => activation switch
    {
        Activation.Relu => dialect.Max(dialect.Constant(0), value),
        _ => value,
    };
}
