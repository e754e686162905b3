namespace KernelGen.Dispatch;

/// <summary>Work in items that threads may take in any order; an object that outlives its calls, so that none allocates.</summary>
internal interface ITeamWork
{
    /// <summary>Does one item.</summary>
    /// <param name="item">Its number.</param>
    /// <param name="thread">Whose scratch memory to use: 0 is the caller, helpers go from 1.</param>
    void Run(int item, int thread);
}
