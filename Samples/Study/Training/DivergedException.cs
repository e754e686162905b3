namespace Study.Training;

/// <summary>A run whose weights aren't finite any more: it can't be pruned, and won't come back.</summary>
internal sealed class DivergedException(string message, Exception inner) : Exception(message, inner);
