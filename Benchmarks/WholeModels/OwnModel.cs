namespace KernelGen.Benchmarks.WholeModels;

/// <summary>The annotated model, called as a user calls it: row-major.</summary>
internal sealed class OwnModel(LeNet300 model, float[] input, int batch) : IWholeModel
{
    private readonly float[] _output = new float[batch * LeNet300.Descriptor.OutFeatures];

    public string Name => "KernelGen";

    public void Run() => model.Forward(input, _output, batch);

    public float[] Result() => _output;

    public void Dispose()
    {
    }
}
