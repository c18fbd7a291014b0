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
    public void Forward_PublishedCase_WithinTolerance(string name, string level) => Check(name, level, isGradient: false);

    [SkippableTheory]
    [MemberData(nameof(Cases))]
    public void Backward_PublishedCase_WithinTolerance(string name, string level) => Check(name, level, isGradient: true);

    private void Check(string name, string level, bool isGradient)
    {
        GoldenReport report = folder.Report;
        Assert.DoesNotContain(report.Faults, fault => fault.Case == name);
        Skip.If(report.Unsupported.Contains(name), $"{name}: this system or variant is not supported yet");
        Skip.If(report.NotRun.Contains(level), $"this machine has no {level}");

        GoldenRun[] runs = report.Ran.Where(run => run.Case == name && run.Level == level).ToArray();
        Assert.Equal(["float32", "float64"], runs.Select(run => run.DType));
        foreach (GoldenRun run in runs)
        {
            GoldenError[] errors = run.Errors.Where(error => error.IsGradient == isGradient).ToArray();
            string text = $"{run.DType}: {string.Join(", ", errors.Select(e => FormattableString.Invariant($"{e.Array} {e.Value:E2}")))} {string.Join("; ", run.Faults)}";
            Assert.Superset(new HashSet<string>(isGradient ? ["dq", "dk", "dv"] : ["out"]), errors.Select(error => error.Array).ToHashSet());
            Assert.True(errors.All(error => error.Passed), text);
        }
    }
}
