using KernelGen.Dispatch;
using KernelGen.Formats;

namespace KernelGen.Runtime.Tests;

/// <summary>
/// Scalar stand-ins for emitted kernels, without activations: each adds a row's products in the order of its columns, so all agree
/// bit for bit. They use every freedom that the real ones have: they check what they are promised, and write garbage where they may.
/// </summary>
internal static unsafe class FakeKernels<TShape, TSet>
    where TShape : IFakeShape
    where TSet : IFakeSet
{
    private const int TileRows = 4;
    private const int CsrColumns = 8;
    private const int Lanes = 4;
    private const int Window = 8;
    private const int Steps = 3;

    // What is estimated beyond this share of the dense kernel's time isn't worth it; a little more, so that rounding doesn't decide.
    private const double WorthIt = 0.95 - 1e-9;

    private static int Width => Panel.Width(TSet.Set);

    // What all kernels cost together is told in weights of the dense one, so that a sparse one runs up to a density of its own.
    private static KernelCosts DenseCost => new(new KernelCost(0, TShape.Out / Math.Ceiling((double)TShape.Out / TileRows)));

    public static PanelKernel DensePanel() => new(TSet.Set, Name("DensePanel"), new TileFormat(TileRows), DenseCost, &RunDensePanel);

    public static VectorKernel DenseVector() => new(TSet.Set, Name("DenseVector"), new TileFormat(TileRows), DenseCost, &RunDenseVector);

    /// <summary>Runs up to a density, exactly.</summary>
    public static PanelKernel CsrPanel(double mostDense) => new(
        TSet.Set, Name("CsrPanel"), new PanelCsrFormat(CsrColumns, Width), new(new(0, WorthIt / mostDense, 2 * WorthIt / mostDense)), &RunCsrPanel);

    /// <summary>Runs up to a density, about: windows aren't full.</summary>
    public static VectorKernel WindowVector(double mostDense)
        => new(TSet.Set, Name("WindowVector"), new WindowFormat(Lanes, Window, Steps, LaneIndex.Column), new(new(0, 5 / mostDense)), &RunWindowVector);

    /// <summary>Runs up to a share of active blocks, exactly.</summary>
    public static PanelKernel BlockPanel(double mostDense)
    {
        var blocks = Math.Ceiling(TShape.Out / 2.0) * Math.Ceiling(TShape.In / 4.0);
        return new(
            TSet.Set, Name("BlockPanel"), new BlockFormat(2, 4), new(new(0, WorthIt * TShape.Out * TShape.In / (mostDense * blocks))), &RunBlockPanel);
    }

    private static string Name(string kind) => $"{kind}{TShape.Out}x{TShape.In}.{TSet.Set}";

    private static void RunDensePanel(float* x, float* y, nint stride, int columns, float* partial, in PackedWeights weights)
    {
        Check(weights.Rows, x, partial, columns, TShape.In);
        for (var row = 0; row < weights.Rows; row++)
        {
            for (var column = 0; column < columns; column++)
            {
                var sum = weights.Bias[row];
                for (var k = 0; k < TShape.In; k++)
                {
                    sum += weights.Values[(((row / TileRows * TShape.In) + k) * TileRows) + (row % TileRows)] * x[(k * Width) + column];
                }

                y[(row * stride) + column] = sum;
            }
        }
    }

    private static bool RunDenseVector(float* x, float* y, in PackedWeights weights)
    {
        FakeProbe.OnKernel?.Invoke();
        FakeProbe.CheckAligned(x, y);
        FakeProbe.CheckPadding(x, TShape.In, TShape.In);
        var padded = (weights.Rows + TileRows - 1) / TileRows * TileRows;
        for (var row = 0; row < padded; row++)
        {
            var sum = weights.Bias[row];
            for (var k = 0; k < TShape.In; k++)
            {
                sum += weights.Values[(((row / TileRows * TShape.In) + k) * TileRows) + (row % TileRows)] * x[k];
            }

            y[row] = row < weights.Rows ? sum : float.NaN;
        }

        return true;
    }

    private static void RunCsrPanel(float* x, float* y, nint stride, int columns, float* partial, in PackedWeights weights)
    {
        Check(weights.Rows, x, partial, columns, TShape.In);
        for (var row = 0; row < weights.Rows; row++)
        {
            new Span<float>(partial + (row * Width), Width).Fill(weights.Bias[row]);
        }

        var value = weights.Values;
        var index = (ushort*)weights.Indices;
        var pair = (ushort*)weights.Counts;
        // By columns of the block: a row's products are added in their order, whatever the order of the pair's steps.
        var a = stackalloc float[CsrColumns];
        var b = stackalloc float[CsrColumns];
        for (var first = 0; first < TShape.In; first += CsrColumns)
        {
            for (var left = (weights.Rows + 1) / 2; left > 0; left--, pair += 5)
            {
                int activeA = 0, activeB = 0;
                for (var step = 0; step < pair[2] + pair[3] + pair[4]; step++)
                {
                    var column = *index / Width;
                    activeA |= 1 << column;
                    a[column] = *value++;
                    index++;
                    if (step < pair[2] + pair[3])
                    {
                        column = step < pair[2] ? column : *index++ / Width;
                        activeB |= 1 << column;
                        b[column] = *value++;
                    }
                }

                AddProducts(activeA, a, x + (first * Width), partial + (pair[0] * Width), columns);
                AddProducts(activeB, b, x + (first * Width), partial + (pair[1] * Width), columns);
            }
        }

        Store(weights.Rows, partial, y, stride, columns);
    }

    private static void AddProducts(int active, float* weights, float* slice, float* sums, int columns)
    {
        for (var k = 0; k < CsrColumns; k++)
        {
            for (var column = 0; (active >> k & 1) != 0 && column < columns; column++)
            {
                sums[column] += weights[k] * slice[(k * Width) + column];
            }
        }
    }

    private static bool RunWindowVector(float* x, float* y, in PackedWeights weights)
    {
        FakeProbe.OnKernel?.Invoke();
        FakeProbe.CheckAligned(x, y);
        FakeProbe.CheckPadding(x, TShape.In, TShape.In + Window - 1);
        for (var k = 0; k < TShape.In; k++)
        {
            if (!float.IsFinite(x[k]))
            {
                new Span<float>(y, weights.Rows).Fill(float.NaN);
                return false;
            }
        }

        var value = weights.Values;
        var index = (byte*)weights.Indices;
        var count = (int*)weights.Counts;
        for (var tile = 0; tile < weights.Rows; tile += Lanes)
        {
            var rows = count;
            count += Lanes;
            for (var lane = 0; lane < Lanes; lane++)
            {
                y[rows[lane]] = rows[lane] < weights.Rows ? weights.Bias[rows[lane]] : 0;
            }

            for (var windows = *count++; windows > 0; windows--, count++)
            {
                for (var step = 0; step < Steps * Lanes; step++)
                {
                    y[rows[step % Lanes]] += *value++ * x[*count + *index++];
                }
            }
        }

        for (var row = weights.Rows; row % Lanes != 0; row++)
        {
            y[row] = float.NaN;
        }

        return true;
    }

    private static void RunBlockPanel(float* x, float* y, nint stride, int columns, float* partial, in PackedWeights weights)
    {
        Check(weights.Rows, x, partial, columns, (TShape.In + 3) / 4 * 4);
        var value = weights.Values;
        var index = (int*)weights.Indices;
        var count = (int*)weights.Counts;
        for (var first = 0; first < weights.Rows; first += 2)
        {
            var rows = Math.Min(2, weights.Rows - first);
            for (var row = 0; row < rows; row++)
            {
                new Span<float>(partial + ((first + row) * Width), Width).Fill(weights.Bias[first + row]);
            }

            for (var blocks = *count++; blocks > 0; blocks--, index++)
            {
                for (var k = *index; k < *index + 4; k++, value += 2)
                {
                    for (var at = 0; at < rows * columns; at++)
                    {
                        var (row, column) = Math.DivRem(at, columns);
                        partial[((first + row) * Width) + column] += value[row] * x[(k * Width) + column];
                    }
                }
            }
        }

        Store(weights.Rows, partial, y, stride, columns);
    }

    private static void Store(int rows, float* partial, float* y, nint stride, int columns)
    {
        for (var row = 0; row < rows; row++)
        {
            new ReadOnlySpan<float>(partial + (row * Width), columns).CopyTo(new Span<float>(y + (row * stride), columns));
        }
    }

    private static void Check(int rows, float* x, float* partial, int columns, int paddedIn)
    {
        FakeProbe.OnKernel?.Invoke();
        FakeProbe.CheckAligned(x, partial);
        if (columns < 1 || columns > Width)
        {
            throw new InvalidOperationException($"A panel of {columns} columns.");
        }

        for (var k = TShape.In; k < paddedIn; k++)
        {
            for (var column = 0; column < columns; column++)
            {
                if (x[(k * Width) + column] != 0)
                {
                    throw new InvalidOperationException($"Row {k} is padding but holds {x[(k * Width) + column]}.");
                }
            }
        }

        new Span<float>(partial, rows * Width).Fill(float.NaN);
    }
}
