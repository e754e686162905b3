using System.Buffers;
using KernelGen.Formats;

namespace KernelGen.Training;

/// <summary>
/// A mask whose values say which they are, from 1 on: packing moves them bit for bit, and what it pads is 0. Its memory, and that of its transpose, is pooled:
/// neither may be used once this is disposed of, nor what shares memory with them.
/// </summary>
internal sealed class NumberedMask : IDisposable
{
    private readonly float[] _numbers;
    private int[]? _turnedIndices;
    private float[]? _turnedNumbers;

    /// <param name="mask">The mask; its values don't matter, and needn't be there.</param>
    public NumberedMask(SparseMatrix mask)
    {
        _numbers = ArrayPool<float>.Shared.Rent(mask.Nonzeros);
        for (var i = 0; i < mask.Nonzeros; i++)
        {
            _numbers[i] = BitConverter.Int32BitsToSingle(i + 1);
        }

        Matrix = SparseMatrix.FromCsr(mask, _numbers);
    }

    /// <summary>The mask with the numbers of its values.</summary>
    public SparseMatrix Matrix { get; }

    /// <summary>The same turned round.</summary>
    public SparseMatrix Transpose()
    {
        _turnedIndices ??= ArrayPool<int>.Shared.Rent(Matrix.Nonzeros);
        _turnedNumbers ??= ArrayPool<float>.Shared.Rent(Matrix.Nonzeros);
        return Matrix.Transpose(_turnedIndices, _turnedNumbers);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        ArrayPool<float>.Shared.Return(_numbers);
        if (_turnedIndices is not null)
        {
            ArrayPool<int>.Shared.Return(_turnedIndices);
            ArrayPool<float>.Shared.Return(_turnedNumbers!);
        }
    }
}
