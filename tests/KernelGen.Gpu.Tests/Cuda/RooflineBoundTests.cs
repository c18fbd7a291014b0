using KernelGen.Gpu.Verification.Cuda;

namespace KernelGen.Gpu.Tests.Cuda;

public sealed class RooflineBoundTests
{
    public static TheoryData<string, double> Peaks => new()
    {
        // Operations a second by the data sheets, to the digits that they give.
        { nameof(GpuModel.V100), 15.7e12 },
        { nameof(GpuModel.A100), 19.5e12 },
        { nameof(GpuModel.Rtx3090), 35.6e12 },
        { nameof(GpuModel.H100), 66.9e12 },
    };

    [Theory]
    [MemberData(nameof(Peaks))]
    public void Peak_OfAModel_IsItsDataSheets(string name, double peak)
    {
        GpuModel gpu = (GpuModel)typeof(GpuModel).GetProperty(name)!.GetValue(null)!;
        Assert.Equal(peak, gpu.SinglePeak, peak * 0.003);
    }

    // 32,768 multiply-adds: 16,384 cycles on 64 lanes an SM, 8,192 on 128.
    [Theory]
    [InlineData(32_768, 0, 0, 1, 1, 1, RooflineLimit.MultiplyAdd)]
    [InlineData(81_920, 0, 0, 0.8, 1, 1, RooflineLimit.Issue)]
    [InlineData(40_960, 32_768, 0, 1, 0.5, 1, RooflineLimit.SharedMemory)]
    public void Bound_OfA100_AgreesWithHandExample(
        double instructions, double wavefronts, double sectors, double issue, double shared, double dram, RooflineLimit limit)
    {
        RooflineBound bound = RooflineBound.Of(Work(instructions, wavefronts, sectors), GpuModel.A100);
        Assert.Equal(issue, bound.Issue, 12);
        Assert.Equal(shared, bound.SharedMemory, 12);
        Assert.Equal(dram, bound.Dram, 12);
        Assert.Equal(limit, bound.Limit);
        Assert.Equal(Math.Min(issue, Math.Min(shared, dram)), bound.Fraction, 12);
    }

    [Fact]
    public void Bound_OfH100_HasTwiceTheLanes()
    {
        RooflineBound bound = RooflineBound.Of(Work(40_960, 16_384, 0), GpuModel.H100);
        Assert.Equal(0.8, bound.Issue, 12);
        Assert.Equal(0.5, bound.SharedMemory, 12);
    }

    [Fact]
    public void Bound_OfADramBoundKernel_IsItsShareOfBandwidth()
    {
        // 2 operations of 32 threads for each sector of 32 bytes: 2 operations a byte, so 2 times the bandwidth over the peak.
        RooflineBound bound = RooflineBound.Of(Work(32_768, 0, 32_768), GpuModel.A100);
        Assert.Equal(RooflineLimit.Dram, bound.Limit);
        Assert.Equal(2 * 2039e9 / GpuModel.A100.SinglePeak, bound.Fraction, 12);
    }

    [Fact]
    public void Bound_MoreMultiplyAddsThanInstructions_IsRefused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => RooflineBound.Of(Work(32_767, 0, 0), GpuModel.A100));

    private static KernelWork Work(double instructions, double wavefronts, double sectors) =>
        new() { MultiplyAdds = 32_768, Instructions = instructions, SharedWavefronts = wavefronts, DramSectors = sectors };
}
