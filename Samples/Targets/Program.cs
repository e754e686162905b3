using System.CommandLine;
using System.Text.Json;
using Digits.Data;
using Digits.Models;
using Inference;
using Targets;
using Targets.Children;
using Targets.Reporting;

var rowOption = new Option<string?>("--row") { Description = "Runs one target in this process and prints what came as a line of JSON: what the other processes are started with.", Hidden = true };
var requireOption = new Option<string[]>("--require")
{
    Description = "A target that must run, such as neon; others may lack what they need.",
    AllowMultipleArgumentsPerToken = true,
};
requireOption.AcceptOnlyFromAmong([.. Target.All.Select(target => target.Name)]);
var command = new RootCommand("Runs one trained model on every target, each in a process of its own, and compares what comes.") { rowOption, requireOption };
command.SetAction(arguments =>
{
    var model = Resources.LoadModel<DigitsModel>("digits.safetensors");
    var images = EmbeddedDigits.Load().Test;
    if (arguments.GetValue(rowOption) is { } name)
    {
        Console.WriteLine(JsonSerializer.Serialize(TargetRun.Run(name, model, images)));
        return 0;
    }

    var reference = DoublePrecision.Logits(model, images);
    var rows = new List<Row>();
    foreach (var target in Target.All)
    {
        Console.Error.WriteLine(target.Progress);
        rows.Add(Row.Of(target, TargetProcess.Run(target), reference, images));
    }

    RowTable.Print(images, Row.AccuracyOf(reference, images), rows);

    var missing = rows.Where(row => row.Reason is not null && (arguments.GetValue(requireOption) ?? []).Contains(row.Target.Name)).ToList();
    missing.ForEach(row => Console.Error.WriteLine($"{row.Target.Name} was required, and didn't run."));
    return missing.Count > 0 || rows.Any(row => row.IsWrong) ? 1 : 0;
});
return command.Parse(args).Invoke();
