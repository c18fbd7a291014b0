using Microsoft.CodeAnalysis.CSharp;

namespace KernelGen.Generator.Tests.Surface;

public class SurfaceWriterTests
{
    public static TheoryData<string> Samples => [nameof(SurfaceSamples.EluCausal), nameof(SurfaceSamples.NonCausalDouble), nameof(SurfaceSamples.NestedPerHead)];

    [Theory]
    [MemberData(nameof(Samples))]
    public void Write_StrictestProject_NoDiagnostics(string sample)
    {
        CSharpCompilation compilation = SurfaceCompilation.Compile(sample);

        string report = SurfaceCompilation.Report(compilation);
        Assert.True(report.Length == 0, report);
    }
}
