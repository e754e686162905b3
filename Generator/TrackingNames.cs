namespace KernelGen.Generator;

/// <summary>The names of the pipeline's steps, for tests and tools that look at what was cached.</summary>
public static class TrackingNames
{
    /// <summary>One [SparseModel] class, parsed.</summary>
    public const string Model = "KernelGen.Model";

    /// <summary>One class that isn't marked [SparseModel] but has layers, which are implemented by throwing.</summary>
    public const string Unmarked = "KernelGen.Unmarked";

    /// <summary>One thing that is wrong, with its location: it moves with the text, and nothing emitted depends on it.</summary>
    public const string Problem = "KernelGen.Problem";

    /// <summary>Hint names that differ by case alone, over all models; almost always none.</summary>
    public const string AmbiguousNames = "KernelGen.AmbiguousNames";

    /// <summary>One model's file.</summary>
    public const string ModelFile = "KernelGen.ModelFile";

    /// <summary>One kind of kernels that a model needs; a kind that two models share stands here twice.</summary>
    public const string Kind = "KernelGen.Kind";

    /// <summary>The table of one kind's kernels.</summary>
    public const string Table = "KernelGen.Table";

    /// <summary>One file of a table, each once, in ordinal order.</summary>
    public const string TableFile = "KernelGen.TableFile";

    /// <summary>One class of kernels, as planned over all models.</summary>
    public const string KernelClass = "KernelGen.KernelClass";

    /// <summary>The shapes in use, over all models, as text.</summary>
    public const string Shapes = "KernelGen.Shapes";

    /// <summary>One file of kernels.</summary>
    public const string KernelFile = "KernelGen.KernelFile";

    /// <summary>That a model is trained.</summary>
    public const string Training = "KernelGen.Training";

    /// <summary>One file of what only training needs.</summary>
    public const string TrainingFile = "KernelGen.TrainingFile";

    /// <summary>The activations with a parameter, over all models, as text.</summary>
    public const string Activations = "KernelGen.Activations";
}
