namespace KernelGen.Benchmarks.WholeModels;

/// <summary>A model with its weights and a batch, ready to run: everything that can be done ahead is done.</summary>
internal interface IWholeModel : IDisposable
{
    /// <summary>The contestant's name.</summary>
    string Name { get; }

    /// <summary>Runs the batch once.</summary>
    void Run();

    /// <summary>What the last run gave: [N, outputs], row-major.</summary>
    float[] Result();
}
