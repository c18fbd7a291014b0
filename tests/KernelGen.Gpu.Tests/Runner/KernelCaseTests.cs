using System.Text.Json;
using KernelGen.Gpu.Verification.Runner;

namespace KernelGen.Gpu.Tests.Runner;

public sealed class KernelCaseTests
{
    [Fact]
    public void Case_SavedAndLoaded_IsTheSame()
    {
        using CaseFolder folder = new();
        KernelCase written = KernelCase.Of(
            typeof(ProofKernels),
            nameof(ProofKernels.EveryKind),
            grid: 3,
            groupSize: 32,
            CaseFolder.Scalar(0.1f),
            CaseFolder.Scalar(0.1),
            CaseFolder.Scalar(-5),
            CaseFolder.Scalar(long.MinValue),
            new BufferArgument(ElementType.Float, 2, Values: [double.NaN, double.PositiveInfinity]),
            folder.Output<double>(4));
        string path = Path.GetTempFileName();
        try
        {
            written.Save(path);
            KernelCase read = KernelCase.Load(path);
            Assert.Equal((written.Assembly, written.Type, written.Method, 3, 32), (read.Assembly, read.Type, read.Method, read.Grid, read.GroupSize));
            Assert.Equal(written.Arguments.Take(4), read.Arguments.Take(4));
            Assert.Equal(((BufferArgument)written.Arguments[4]).Values, ((BufferArgument)read.Arguments[4]).Values);
            Assert.Equal(written.Arguments[5], read.Arguments[5]);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Case_OfAnotherFile_IsRefused()
    {
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, "{}");
            Assert.Throws<JsonException>(() => KernelCase.Load(path));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Scalar_OfAnUnknownType_IsRefused() => Assert.Throws<NotSupportedException>(() => CaseFolder.Scalar((byte)1));
}
