using System.Globalization;

namespace KernelGen;

/// <summary>How many threads one call of Forward may use.</summary>
public static class Threads
{
    /// <summary>The environment variable that sets the number of threads: 1 to 1024.</summary>
    public const string EnvironmentVariable = "KERNELGEN_THREADS";

    private const int None = 0;
    private const int Most = 1024;

    private static int s_override = None;

    private static int s_default = None;

    /// <summary>
    /// The threads that a call of Forward may use, its own included: an <see cref="Override"/>, else what the environment variable
    /// KERNELGEN_THREADS says, else 1, since a program that serves several requests at once has work for every processor already. Results are
    /// equal bit for bit, whatever the number. The variable is read once, when it is first needed.
    /// </summary>
    /// <exception cref="ArgumentException">KERNELGEN_THREADS is no number from 1 to 1024.</exception>
    public static int Count
    {
        get
        {
            var count = Volatile.Read(ref s_override);
            if (count == None)
            {
                count = Volatile.Read(ref s_default);
            }

            return count == None ? ResolveDefault() : count;
        }
    }

    /// <summary>Sets the number of threads in the whole process until the result is disposed.</summary>
    /// <param name="count">1 to 1024; more than the processors brings nothing.</param>
    /// <returns>Restores the previous number when it is disposed.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The number is below 1 or above 1024.</exception>
    public static IDisposable Override(int count)
    {
        if (count is < 1 or > Most)
        {
            throw new ArgumentOutOfRangeException(nameof(count), count, $"Threads.Override: {count} is no number of threads: pass 1 to {Most}.");
        }

        return new Restore(Interlocked.Exchange(ref s_override, count));
    }

    /// <summary>What the environment variable's value, or its absence, asks for.</summary>
    internal static int Resolve(string? value)
    {
        if (string.IsNullOrWhiteSpace(value))
        {
            return 1;
        }

        return int.TryParse(value, NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var count)
            && count is >= 1 and <= Most
                ? count
                : throw new ArgumentException($"{EnvironmentVariable}={value} is no number of threads: use 1 to {Most}, or unset it.");
    }

    /// <summary>Forgets what the environment said, so that the next read asks again; for tests.</summary>
    internal static void ForgetEnvironment() => Volatile.Write(ref s_default, None);

    private static int ResolveDefault()
    {
        // Only a success is remembered: a wrong value throws on every read.
        var resolved = Resolve(Environment.GetEnvironmentVariable(EnvironmentVariable));
        Volatile.Write(ref s_default, resolved);
        return resolved;
    }

    private sealed class Restore(int previous) : IDisposable
    {
        private int _disposed;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _disposed, 1) == 0)
            {
                Volatile.Write(ref s_override, previous);
            }
        }
    }
}
