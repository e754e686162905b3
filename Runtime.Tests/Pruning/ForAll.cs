using FsCheck;
using FsCheck.Fluent;

namespace KernelGen.Runtime.Tests.Pruning;

/// <summary>Properties of random cases.</summary>
internal static class ForAll
{
    /// <summary>Checks a property with a number of random seeds; a failure prints its seed.</summary>
    public static void Seeds(int count, Action<Random> property)
    {
        var seeds = Gen.Choose(0, int.MaxValue).ToArbitrary();
        Prop.ForAll(seeds, seed => property(new Random(seed))).Check(Config.QuickThrowOnFailure.WithMaxTest(count));
    }
}
