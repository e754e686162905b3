using static TorchSharp.torch;

namespace KernelGen.Torch.Tests;

/// <summary>Every optimiser of TorchSharp, with all the memory that it can have.</summary>
internal static class Optimizers
{
    public static string[] Names { get; } =
        ["Adadelta", "Adagrad", "Adam", "Adamax", "AdamW", "ASGD", "NAdam", "RAdam", "RMSProp", "Rprop", "SGD"];

    public static optim.Optimizer Create(string name, SparseModule module)
    {
        var parameters = module.parameters();
        return name switch
        {
            "Adadelta" => optim.Adadelta(parameters, weight_decay: 0.01),
            "Adagrad" => optim.Adagrad(parameters, initial_accumulator_value: 0.1),
            "Adam" => optim.Adam(parameters, lr: 0.01, amsgrad: true),
            "Adamax" => optim.Adamax(parameters),
            "AdamW" => optim.AdamW(parameters, lr: 0.01, weight_decay: 0.05),
            "ASGD" => optim.ASGD(parameters),
            "NAdam" => optim.NAdam(parameters),
            "RAdam" => optim.RAdam(parameters),
            "RMSProp" => optim.RMSProp(parameters, lr: 0.002, momentum: 0.5, centered: true),
            "Rprop" => optim.Rprop(parameters),
            "SGD" => optim.SGD(parameters, 0.2, momentum: 0.9, weight_decay: 1e-4, nesterov: true),
            _ => throw new ArgumentOutOfRangeException(nameof(name)),
        };
    }
}
