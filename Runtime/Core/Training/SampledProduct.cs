using KernelGen.Dispatch;
using KernelGen.Formats;

namespace KernelGen.Training;

/// <summary>The gradient of a layer's active weights and of its bias.</summary>
internal sealed unsafe class SampledProduct
{
    private readonly SampledKernel _kernel;
    private readonly SampledMask _mask;
    private readonly Scratch _scratch;
    private readonly int _inputs;
    private readonly int _outputs;

    /// <param name="kernels">The layer's.</param>
    /// <param name="matrix">The mask.</param>
    /// <param name="set">The instruction set.</param>
    /// <param name="scratch">Whoever else has it doesn't run at the same time.</param>
    public SampledProduct(TrainingKernels kernels, SparseMatrix matrix, InstructionSet set, Scratch scratch)
    {
        _kernel = kernels.WeightGradient.First(kernel => kernel.InstructionSet == set);
        _mask = new SampledMask(matrix, _kernel.BlockColumnsFor(matrix));
        _scratch = scratch;
        _inputs = matrix.Columns;
        _outputs = matrix.Rows;
    }

    /// <summary>Active weights.</summary>
    public int Nonzeros => _mask.Nonzeros;

    /// <summary>Bytes of the mask as the kernel reads it.</summary>
    public long Bytes => _mask.Bytes;

    /// <summary>What runs, and why.</summary>
    public RegimePlan Plan
        => new(_kernel.Name, $"pairs of rows in blocks of {_mask.Index.BlockColumns} columns", Bytes, "always computed at the active weights alone");

    /// <inheritdoc cref="SampledMask.ToMatrix"/>
    public SparseMatrix Mask(ReadOnlySpan<float> values = default) => _mask.ToMatrix(values);

    /// <inheritdoc cref="AlignedBuffer.Release"/>
    public void Release() => _mask.Release();

    /// <summary>Runs a batch whose lengths are right.</summary>
    public void Run(ReadOnlySpan<float> input, ReadOnlySpan<float> gradient, Span<float> valueGradient, Span<float> biasGradient, int batch)
    {
        if (batch == 0)
        {
            valueGradient.Clear();
            biasGradient.Clear();
            return;
        }

        fixed (float* x = input, dz = gradient, dw = valueGradient, db = biasGradient)
        {
            var inPlace = IsAligned(x, batch) && IsAligned(dz, batch);
            for (var sample = 0; sample < batch;)
            {
                var body = _kernel.BodyFor(batch - sample);
                var columns = Math.Min(body.Samples, batch - sample);
                if (inPlace && columns == body.Samples)
                {
                    Run(body, x + sample, batch, dz + sample, batch, dw, db, sample > 0);
                }
                else
                {
                    // Samples in rows of their own: what is left of a batch, filled up with zeros, and batches whose vectors would cross cache lines.
                    var inputRows = _scratch.Floats(Scratch.Use.SampledInput, (long)_inputs * _kernel.MostSamples);
                    var gradientRows = _scratch.Floats(Scratch.Use.SampledGradient, (long)_outputs * _kernel.MostSamples);
                    CopyRows(x + sample, batch, _inputs, columns, inputRows, body.Samples);
                    CopyRows(dz + sample, batch, _outputs, columns, gradientRows, body.Samples);
                    Run(body, inputRows, body.Samples, gradientRows, body.Samples, dw, db, sample > 0);
                }

                sample += columns;
            }
        }

        // It owns the mask, also where nobody needs it any more.
        GC.KeepAlive(this);
    }

    private void Run(SampledBody body, float* x, int xStride, float* dz, int dzStride, float* dw, float* db, bool add)
    {
        var scratch = _scratch.Floats(Scratch.Use.Sampled, _kernel.ScratchFloats);
        body.Run(x, xStride, dz, dzStride, dw, add, scratch, _mask.Index);
        if (db is not null)
        {
            _kernel.RunBias(dz, dzStride, body.Samples, db, add, scratch);
        }
    }

    private static bool IsAligned(float* rows, int stride)
        => (nuint)rows % AlignedBuffer.Alignment == 0 && stride * sizeof(float) % AlignedBuffer.Alignment == 0;

    private static void CopyRows(float* from, int stride, int features, int columns, float* to, int samples)
    {
        Panel.CopyRows(from, stride, features, columns, to, samples);
        for (var feature = 0; columns < samples && feature < features; feature++)
        {
            new Span<float>(to + ((nint)feature * samples) + columns, samples - columns).Clear();
        }
    }
}
