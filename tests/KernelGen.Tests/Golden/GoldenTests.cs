using KernelGen.Tests.Hosting;

namespace KernelGen.Tests.Golden;

/// <summary>What the published systems compute, at every level.</summary>
[Trait("Suite", "Levels")]
public sealed class GoldenTests(GoldenFolder folder) : IClassFixture<GoldenFolder>
{
    /// <summary>Every file and level; a folder without cases has no data, which fails.</summary>
    public static TheoryData<string, string> Cases
    {
        get
        {
            TheoryData<string, string> cases = [];
            foreach (string path in GoldenCase.FilesUnder(GoldenFolder.Location))
            {
                foreach (InstructionSet level in Levels.All)
                    cases.Add(GoldenCase.NameOf(path), Levels.Name(level));
            }

            return cases;
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Cases))]
    public void Forward_PublishedCase_WithinTolerance(string name, string level)
    {
        GoldenReport report = folder.Report;
        Assert.DoesNotContain(report.Faults, fault => fault.Case == name);
        Skip.If(report.Unsupported.Contains(name), $"{name}: this system or variant is not supported yet");
        Skip.If(report.NotRun.Contains(level), $"this machine has no {level}");

        GoldenRun[] runs = report.Ran.Where(run => run.Case == name && run.Level == level).ToArray();
        Assert.Equal(["float32", "float64"], runs.Select(run => run.DType));
        Assert.All(runs, run => Assert.True(run.Passed, $"{run.DType}: {string.Join(", ", run.Errors.Select(e => FormattableString.Invariant($"{e.Key} {e.Value:E2}")))}"));
    }
}
