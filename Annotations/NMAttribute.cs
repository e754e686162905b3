using System;

namespace KernelGen;

/// <summary>N:M sparsity: <b>keep</b> at most N of every M consecutive weights along the input dimension.</summary>
[AttributeUsage(AttributeTargets.Property, Inherited = false)]
public sealed class NMAttribute : Attribute
{
    /// <summary>Keeps at most <paramref name="n"/> of every <paramref name="m"/> consecutive weights of a row.</summary>
    /// <param name="n">Weights kept in a group, at least 1 and at most <paramref name="m"/>.</param>
    /// <param name="m">Weights in a group.</param>
    public NMAttribute(int n, int m)
    {
        N = n;
        M = m;
    }

    /// <summary>Weights kept in a group.</summary>
    public int N { get; }

    /// <summary>Weights in a group.</summary>
    public int M { get; }
}
