using Study.Reporting;
using Study.Running;

namespace KernelGen.Torch.Tests.Study;

public sealed class ReportTests
{
    // By hand: dense 91 and 89 right of 100 give 90 ± 1.41; 1010 parameters make 90 / 1010 = 0.089 right for each.
    private static readonly RunResult[] Results =
    [
        SampleResults.Of("rigl", 0.9, 1, 88), SampleResults.Of("rigl", 0.9, 2, 90, onKernels: 89),
        SampleResults.Of("dense", 0, 1, 91), SampleResults.Of("dense", 0, 2, 89),
        SampleResults.Of("static-erk", 0.9, 1, 80) with { CorrectInValidation = 46 }, With(0.004, SampleResults.Of("rigl", 0.5, 1, 92)),
    ];

    // Shorter runs, which were timed: 4 ms a step make 2 s of the study's 500 steps.
    private static readonly RunResult[] Times = [Timed(SampleResults.Of("rigl", 0.9, 2, 50)), Timed(SampleResults.Of("dense", 0, 3, 50))];

    [Fact]
    public void Runs_of_other_lengths_are_no_seeds_of_the_same()
    {
        var longer = SampleResults.Of("rigl", 0.9, 3, 95);
        var cells = Cell.Of([.. Results, longer with { Run = longer.Run with { Epochs = 12 } }]);

        Assert.Equal([1, 2], cells.Where(cell => cell is { Method: "rigl", Sparsity: 0.9 }).Select(cell => cell.Results.Count).Order());
    }

    [Fact]
    public void The_page_holds_what_the_lines_say()
        => Assert.Equal(
            """
            # blots

            6 runs of 4 epochs in batches of 8, seeds 1, 2; 50 images to choose by, 100 to test. AdamW, its rate on a cosine to 0.
            KernelGen 1.2.3, kernels for Avx2, one thread a run. Accuracies are those of the final weights, in percent: mean ± standard deviation over seeds.

            | zeros | chosen on the validation images | accuracy there | test accuracy | minus dense, points |
            |---|---|---|---|---|
            | 50% | rigl | 92.00 | 92.00 (1 of 2 seeds) | +2.00 |
            | 90% | static-erk | 92.00 | 80.00 (1 of 2 seeds) | -10.00 |

            ## Accuracy

            | method | dense | 50% | 90% |
            |---|---|---|---|
            | dense | 90.00 ± 1.41 |  |  |
            | static-erk |  |  | 80.00 (1 of 2 seeds) |
            | rigl |  | 92.00 (1 of 2 seeds) | 89.00 ± 1.41 |

            ![Accuracy over sparsity](accuracy.png)

            ## Parameter efficiency

            Right predictions per parameter / the same by hardness (docs/measures.md).

            | method | dense | 50% | 90% |
            |---|---|---|---|
            | dense | 0.089 / 0.078 |  |  |
            | static-erk |  |  | 0.727 / 0.410 |
            | rigl |  | 0.180 / 0.175 | 0.809 / 0.674 |

            ![Right predictions per parameter, by hardness](efficiency.png)

            ## Cost

            Steps and memory are those of runs of 3 epochs, one after the other. FLOPs count what an implementation needs that skips every inactive weight.

            | method | zeros | trained | step, ms | run, s | memory in training, KB | training FLOPs, of dense | inference FLOPs, of dense | parameters | file, KB |
            |---|---|---|---|---|---|---|---|---|---|
            | dense | dense | Exact | 6.00 | 3.0 | 12 | 100% | 100% | 1010 | 4.0 |
            | static-erk | 90% | Sparse | - | - | - | 10% | 10% | 110 | 0.4 |
            | rigl | 50% | Sparse | - | - | - | 50% | 50% | 510 | 2.0 |
            | rigl | 90% | Sparse | 4.00 | 2.0 | 1 | 10% | 10% | 110 | 0.4 |

            ![Time of a step](time.png)
            ![Memory in training](memory.png)

            ## Settings

            Each from the sparsity on that its row names.

            | method | zeros | learning rate | dropout | weight decay | label smoothing | accuracy |
            |---|---|---|---|---|---|---|
            | dense | dense | 0.002 | 0.1 | 0 | 0 | 90.00 ± 1.41 |
            | static-erk | 90% | 0.002 | 0.1 | 0 | 0 | 80.00 (1 of 2 seeds) |
            | rigl | 50% | 0.004 | 0.1 | 0 | 0 | 92.00 (1 of 2 seeds) |
            | rigl | 90% | 0.002 | 0.1 | 0 | 0 | 89.00 ± 1.41 |

            ## On the emitted kernels

            Each final model was saved, loaded into the annotated class and run on the emitted kernels. 5 of 6 get exactly as many images right as in training; the largest difference is 1 of 100.

            """.ReplaceLineEndings("\n"),
            ReportFile.Text(Results, Times));

    [Fact]
    public void Without_times_the_page_says_how_to_measure_them() => Assert.Contains("--times", ReportFile.Text(Results, []), StringComparison.Ordinal);

    [Fact]
    public void Settings_that_differ_make_a_table_of_tuning()
    {
        var other = With(0.004, Results[0]) with { Correct = 95 };

        Assert.Contains(
            """
            | method | zeros | learning rate | dropout | weight decay | label smoothing | accuracy |
            |---|---|---|---|---|---|---|
            | rigl | 90% | 0.004 | 0.1 | 0 | 0 | 95.00 |
            | rigl | 90% | 0.002 | 0.1 | 0 | 0 | 88.00 |
            """.ReplaceLineEndings("\n"),
            ReportFile.Text([Results[0], other], []),
            StringComparison.Ordinal);
    }

    [Fact]
    public void The_page_and_its_pictures_come_from_the_file_alone()
    {
        using var folder = new StudyFolder();
        var times = StudyPlan.TimesIn(new DirectoryInfo(folder.Path));
        times.Create();
        Write(folder.Path, Results);
        Write(times.FullName, Times);

        var page = ReportFile.Write(new DirectoryInfo(folder.Path));

        Assert.Equal(ReportFile.Text(Results, Times), File.ReadAllText(page));
        Assert.All(["accuracy.png", "efficiency.png", "time.png", "memory.png"], name => Assert.True(new FileInfo(Path.Combine(folder.Path, name)).Length > 1000));
    }

    [Fact]
    public void Without_results_there_is_no_report()
    {
        using var folder = new StudyFolder();

        Assert.Contains("--output", Assert.Throws<FileNotFoundException>(() => ReportFile.Write(new DirectoryInfo(folder.Path))).Message, StringComparison.Ordinal);
    }

    private static RunResult With(double rate, RunResult result) => result with { Run = result.Run with { Settings = result.Run.Settings with { LearningRate = rate } } };

    private static RunResult Timed(RunResult result) => result with { Run = result.Run with { Epochs = 3 } };

    private static void Write(string folder, RunResult[] results)
    {
        foreach (var result in results)
        {
            StudyPlan.ResultsIn(folder).Append(result);
        }
    }
}
