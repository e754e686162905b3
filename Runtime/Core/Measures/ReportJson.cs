using System.Text.Json.Serialization;

namespace KernelGen.Measures;

/// <summary>Reads and writes reports without reflection, as programs compiled ahead of time need it.</summary>
[JsonSourceGenerationOptions(
    WriteIndented = true,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(ModelReport))]
internal sealed partial class ReportJson : JsonSerializerContext;
