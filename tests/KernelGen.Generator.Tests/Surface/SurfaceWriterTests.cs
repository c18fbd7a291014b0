using System.Globalization;
using System.Reflection;
using System.Runtime.Loader;
using KernelGen.Generator.Surface;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Emit;

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

    [Theory]
    [MemberData(nameof(Samples))]
    public void Write_CultureWithOtherSigns_SameText(string sample)
    {
        string expected = Write(sample);
        CultureInfo before = CultureInfo.CurrentCulture;
        var odd = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        odd.NumberFormat.NegativeSign = "\u2212";
        odd.NumberFormat.NumberDecimalSeparator = ",";
        try
        {
            CultureInfo.CurrentCulture = odd;
            Assert.Equal(expected, Write(sample));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void Write_NotCausal_NothingThatNeedsAState()
    {
        MemberInfo[] causal = Members(nameof(SurfaceSamples.EluCausal), "Sample.Models.EluAttention");
        MemberInfo[] free = Members(nameof(SurfaceSamples.NonCausalDouble), "event");

        Assert.Equal(["Backward", "Backward", "CreateState", "Forward", "Forward", "Forward", "Info", "ReadState", "Step"], causal.Select(m => m.Name));
        Assert.Equal(["Backward", "Backward", "Forward", "Forward", "Info"], free.Select(m => m.Name));
        Assert.All(causal.Concat(free), m => Assert.NotNull(m.GetCustomAttribute<System.CodeDom.Compiler.GeneratedCodeAttribute>()));
    }

    [Fact]
    public void Write_Compiled_InfoSaysWhatTheModelSays()
    {
        PropertyInfo property = (PropertyInfo)Members(nameof(SurfaceSamples.NonCausalDouble), "event").Single(m => m.Name == "Info");

        var info = (AttentionInfo)property.GetValue(null)!;

        Assert.Equal(("event", 8, 4, 16, DType.Float64), (info.Name, info.HeadDim, info.ValueDim, info.ChunkSize, info.DType));
        Assert.Equal(VariantText.Of(SurfaceSamples.NonCausalDouble), info.Variant);
        Assert.Equal(InstructionSets.Scalar | InstructionSets.Vector128, info.InstructionSets);
        Assert.Equal("0x16", info.ForCap(InstructionSet.Scalar).RegisterTile);
        Assert.Equal(8192, info.StateBytes);
        Assert.Equal(128, info.FlopsPerToken);
    }

    [Fact]
    public void Write_UnixLineEndsOnly() => Assert.DoesNotContain('\r', Write(nameof(SurfaceSamples.EluCausal)));

    private static string Write(string sample) => SurfaceWriter.Write(SurfaceSamples.Of(sample), SurfaceSamples.Model(SurfaceSamples.Of(sample)));

    private static MemberInfo[] Members(string sample, string type)
    {
        using var assembly = new MemoryStream();
        EmitResult result = SurfaceCompilation.Compile(sample).Emit(assembly);
        Assert.True(result.Success);
        assembly.Position = 0;
        const BindingFlags Declared = BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly;
        return
        [
            .. new AssemblyLoadContext(sample, isCollectible: true).LoadFromStream(assembly).GetType(type, throwOnError: true)!
                .GetMembers(Declared)
                .Where(m => m is not MethodInfo { IsSpecialName: true })
                .OrderBy(m => m.Name, StringComparer.Ordinal),
        ];
    }
}
