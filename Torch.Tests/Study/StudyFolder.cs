using Digits.Data;
using Study.Data;
using Study.Methods;
using Study.Running;
using Study.Training;

namespace KernelGen.Torch.Tests.Study;

/// <summary>A small study of the embedded digits in a folder of its own.</summary>
internal sealed class StudyFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("study");

    public string Path => _folder.FullName;

    public StudyPlan Plan(int epochs, params string[] methods)
    {
        var data = StudyData.Of(EmbeddedDigits.Load());
        var runs = StudyPlan.Grid(data, methods.Select(MethodTable.Find), [0.9], seeds: 1, epochs, batch: 64);
        var plan = new StudyPlan(data, new Architecture<SparseTraining.Models.DigitsDense, SparseTraining.Models.DigitsSparse>(), runs, _folder, _folder);
        plan.CreateFolders();
        return plan;
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
