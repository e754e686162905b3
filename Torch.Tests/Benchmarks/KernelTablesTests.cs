using KernelGen.Benchmarks.Kernels;
using KernelGen.Benchmarks.Reporting;

namespace KernelGen.Torch.Tests.Benchmarks;

public sealed class KernelTablesTests
{
    [Fact]
    public void Batches_take_one_row_for_all_shapes_of_a_pattern()
    {
        var table = KernelTables.Spmm(
        [
            SampleRun.Result("unstructured", 100, 64, 0.5, 2, 3.5, ("TorchSharp dense", 2.5), ("XNNPACK sparse", 4)),
            SampleRun.Result("2:4", 100, 64, 0.5, 1.5, 1.65),
            SampleRun.Result("unstructured", 200, 64, 0.5, 8, 3.5, ("TorchSharp dense", 3)),
            SampleRun.Result("unstructured", 100, 8, 0.5, 9, goal: null),
            SampleRun.Result("unstructured", 100, 1, 0.5, 9, 9),
        ]);

        Assert.Equal(
            """
            | pattern | zeros | effective GFLOP/s | of the roofline | bound | over the best dense | goal | over TorchSharp dense | over XNNPACK sparse | row-major |
            |---|---|---|---|---|---|---|---|---|---|
            | unstructured | 50% | 64 / 256 | 50% / 50% | FMA | **4.00** (2.00 / 8.00) | 3.5 | 2.5 / 3.0 | 4.0 / - | 25% / 25% |
            | 2:4 | 50% | 64 | 50% | FMA | **1.50** (1.50) | 1.65 | - | - | 25% |

            """.ReplaceLineEndings("\n"),
            table);
    }

    [Fact]
    public void One_sample_takes_a_row_for_each_shape_with_the_bytes_of_the_pack()
    {
        var table = KernelTables.Spmv(
        [
            SampleRun.Result("unstructured", 100, 1, 0.9, 5, 8, ("TorchSharp dense", 6)), SampleRun.Result("2:4", 200, 1, 0.5, 2, goal: null),
            SampleRun.Result("unstructured", 100, 64, 0.9, 5, 8),
        ]);

        Assert.Equal(
            """
            | pattern | zeros | shape | effective GFLOP/s | GB/s | bytes a nonzero | of the roofline | bound | over the best dense | goal | over TorchSharp dense |
            |---|---|---|---|---|---|---|---|---|---|---|
            | unstructured | 90% | 100 x 100 | 0.2 | 1 | 6.00 | 50% | L2 | **5.00** | 8 | 6.0 |
            | 2:4 | 50% | 200 x 200 | 4.0 | 12 | 6.00 | 50% | L2 | **2.00** |  | - |

            """.ReplaceLineEndings("\n"),
            table);
    }

    [Fact]
    public void A_few_samples_show_microseconds_by_batch()
    {
        var table = KernelTables.FewSamples(
        [
            SampleRun.Result("unstructured", 100, 5, 0.9, 4, goal: null), SampleRun.Result("unstructured", 100, 2, 0.9, 5, goal: null),
            SampleRun.Result("unstructured", 100, 64, 0.9, 5, 8), SampleRun.Result("unstructured", 100, 1, 0.9, 5, goal: null),
        ]);

        // 10 us feature-major; a quarter of that speed row-major.
        Assert.Equal(
            """
            | pattern | zeros | samples | row-major | feature-major | our dense | best dense |
            |---|---|---|---|---|---|---|
            | unstructured | 90% | 2 | 40 | 10 | 30 | 50 |
            | unstructured | 90% | 5 | 40 | 10 | 30 | 40 |

            """.ReplaceLineEndings("\n"),
            table);
    }

    [Fact]
    public void Cases_that_a_run_lacks_are_named_with_shapes_where_it_has_others()
    {
        var all = new CaseId[]
        {
            new("2:4", 0.5, 512, 512, 128), new("2:4", 0.5, 1024, 1024, 1), new("2:4", 0.5, 1024, 1024, 256), new("unstructured", 0.875, 512, 512, 128),
            new("unstructured", 0.875, 1024, 1024, 256), new("dense", 0, 512, 512, 128),
        };

        Assert.Equal(
            "Missing cases: SpMM 2:4 50% (1024x1024x256), SpMV 2:4 50%, SpMM unstructured 87.5%.\n", KernelTables.MissingCases(all, new HashSet<CaseId> { all[0], all[5] }));
        Assert.Empty(KernelTables.MissingCases(all, all.ToHashSet()));
    }

    [Fact]
    public void The_machine_and_its_limits_are_told_and_the_peers_it_lacks()
    {
        var run = SampleRun.Of() with { Missing = ["oneDNN", "XNNPACK sparse"] };

        Assert.Equal(
            """
            Abacus, 2 processors, Wood 1, .NET 10; kernels for Avx512, one thread, 3 rounds a case.
            Measured at the start: 100 GFLOP/s from registers; reads of 200 (L1, 32 KB), 100 (L2, 1024 KB), 50 (L3, 32 MB) and 20 GB/s (memory).
            Missing peers: oneDNN, XNNPACK sparse.

            """.ReplaceLineEndings("\n"),
            KernelTables.Machine(run));
    }
}
